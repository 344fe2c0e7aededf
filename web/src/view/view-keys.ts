import { ZOOM_STEP, type Zoom } from './use-zoom.ts';
import type { ShowTools } from './view-tools.tsx';

/** How far an arrow key moves a zoomed image, px. */
const MOVE = 90;

const ARROWS: Readonly<Record<string, readonly [x: number, y: number]>> = {
  ArrowLeft: [1, 0],
  ArrowRight: [-1, 0],
  ArrowUp: [0, 1],
  ArrowDown: [0, -1],
};

/** Carries out what a key does in the large view; returns whether it does anything. */
export function pressViewKey(
  event: KeyboardEvent,
  zoom: Zoom,
  onWalk: (step: -1 | 1) => void,
  show: ShowTools,
): boolean {
  const { key, target } = event;
  if (event.altKey || event.ctrlKey || event.metaKey || isTyping(target)) return false;
  const arrow = ARROWS[key];
  if (arrow) {
    const [x, y] = arrow;
    if (!zoom.isWhole) zoom.moveBy(x * MOVE, y * MOVE);
    else if (x !== 0) onWalk(x > 0 ? -1 : 1);
    return !zoom.isWhole || x !== 0;
  }
  switch (key) {
    case '+':
    case '=':
      zoom.zoomBy(ZOOM_STEP);
      return true;
    case '-':
      zoom.zoomBy(1 / ZOOM_STEP);
      return true;
    case '0':
      zoom.zoomTo(1);
      return true;
    case '1':
      zoom.zoomTo(zoom.actual);
      return true;
    case 'r':
    case 'R':
      zoom.turn(key === 'r' ? 1 : -1);
      return true;
    case 'f':
      show.toggleFullScreen();
      return true;
    case 's':
      show.togglePlaying();
      return true;
    case 'PageUp':
    case 'PageDown':
      onWalk(key === 'PageUp' ? -1 : 1);
      return true;
    default:
      return false;
  }
}

const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && target.closest('input, textarea, select, .region, .sheet') !== null;
