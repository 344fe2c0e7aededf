import {
  type MouseEvent,
  type PointerEvent,
  type RefObject,
  useEffect,
  useEffectEvent,
  useLayoutEffect,
  useRef,
  useState,
} from 'react';
import {
  actualScale,
  clamp,
  fitted,
  largestScale,
  type Point,
  type Size,
  toggledScale,
  type View,
  WHOLE,
  within,
  zoomedAt,
} from './zoom.ts';

/** px of a finger's way that turn to the next image. */
const SWIPE = 60;
/** px and ms within which two taps are a double tap. */
const TAP = { way: 24, time: 320 };
/** What a notch of the wheel, about 100 px, zooms by: e to the power of this times px. */
const WHEEL = 0.002;
const PINCH_WHEEL = 0.01;

/** What a press of a key or a button zooms by. */
export const ZOOM_STEP = 1.5;

const NOWHERE: Point = { x: 0, y: 0 };
type Held = Point & { readonly startX: number; readonly startY: number };

export type Zoom = ReturnType<typeof useZoom>;

/**
 * Zooms, moves and turns an image on its stage by wheel, pinch, drag and double click; a swipe over the whole image
 * walks to the next.
 * @param image its size, px
 */
export function useZoom(stage: RefObject<HTMLElement | null>, image: Size, onSwipe: (step: -1 | 1) => void) {
  const [room, setRoom] = useState<Size>({ width: 1, height: 1 });
  const [loose, setView] = useState<View>(WHOLE);
  const held = useRef(new Map<number, Held>());
  const lastTap = useRef<(Point & { at: number }) | null>(null);
  const fit = fitted(image, room, loose.turns);
  const view = within(loose, fit, room);
  const actual = actualScale(image, fit, devicePixelRatio);

  useLayoutEffect(() => {
    const element = stage.current;
    if (!element) return;
    const measure = () => {
      const { paddingLeft, paddingTop } = getComputedStyle(element);
      const width = element.clientWidth - 2 * Number.parseFloat(paddingLeft);
      const height = element.clientHeight - 2 * Number.parseFloat(paddingTop);
      setRoom({ width: Math.max(1, width), height: Math.max(1, height) });
    };
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  }, [stage]);

  const pointOf = ({ clientX, clientY }: { clientX: number; clientY: number }): Point => {
    const box = stage.current?.getBoundingClientRect();
    if (!box) return NOWHERE;
    return { x: clientX - box.left - box.width / 2, y: clientY - box.top - box.height / 2 };
  };
  /** Goes on from the view that the events before have made, which may not be drawn yet. */
  const change = (next: (before: View) => View) =>
    setView(before => within(next(within(before, fit, room)), fit, room));
  const zoom = (scaleOf: (before: View) => number, point: Point = NOWHERE) =>
    change(before => zoomedAt(before, clamp(scaleOf(before), 1, largestScale(image, fit)), point));
  const zoomTo = (scale: number, point?: Point) => zoom(() => scale, point);
  const zoomBy = (factor: number, point?: Point) => zoom(({ scale }) => scale * factor, point);
  const moveBy = (x: number, y: number) =>
    change(before => ({ ...before, x: before.x + x, y: before.y + y }));

  const wheel = useEffectEvent((event: globalThis.WheelEvent) => {
    event.preventDefault();
    const lines = event.deltaMode === 1 ? 16 : 1;
    zoomBy(Math.exp(-event.deltaY * lines * (event.ctrlKey ? PINCH_WHEEL : WHEEL)), pointOf(event));
  });
  useEffect(() => {
    const element = stage.current;
    // React's own listener is passive, and could not keep the page from scrolling.
    element?.addEventListener('wheel', wheel, { passive: false });
    return () => element?.removeEventListener('wheel', wheel);
  }, [stage]);

  const down = (event: PointerEvent<HTMLElement>) => {
    // Words are selected by the mouse, as in a text.
    const onWords = event.target instanceof SVGTextElement && event.pointerType === 'mouse';
    if (event.button !== 0 || onWords) return;
    event.currentTarget.setPointerCapture(event.pointerId);
    const { x, y } = pointOf(event);
    held.current.set(event.pointerId, { x, y, startX: x, startY: y });
  };
  const move = (event: PointerEvent<HTMLElement>) => {
    const before = held.current.get(event.pointerId);
    if (!before) return;
    const now = { ...before, ...pointOf(event) };
    held.current.set(event.pointerId, now);
    const other = [...held.current].find(([id]) => id !== event.pointerId)?.[1];
    if (!other) {
      if (view.scale > 1) moveBy(now.x - before.x, now.y - before.y);
      return;
    }
    const middle = { x: (now.x + other.x) / 2, y: (now.y + other.y) / 2 };
    const apart = (point: Point) => Math.max(1, Math.hypot(point.x - other.x, point.y - other.y));
    zoomBy(apart(now) / apart(before), middle);
  };
  const up = (event: PointerEvent<HTMLElement>) => {
    const end = held.current.get(event.pointerId);
    held.current.delete(event.pointerId);
    if (!end || event.pointerType === 'mouse' || event.type === 'pointercancel') return;
    const [dx, dy] = [end.x - end.startX, end.y - end.startY];
    if (view.scale === 1 && Math.abs(dx) > SWIPE && Math.abs(dx) > 2 * Math.abs(dy))
      return onSwipe(dx > 0 ? -1 : 1);
    if (Math.hypot(dx, dy) > TAP.way) return;
    const tap = { x: end.x, y: end.y, at: event.timeStamp };
    const { current: last } = lastTap;
    const isSecond =
      last && tap.at - last.at < TAP.time && Math.hypot(tap.x - last.x, tap.y - last.y) < TAP.way;
    lastTap.current = isSecond ? null : tap;
    if (isSecond) zoomTo(toggledScale(view, actual), tap);
  };

  return {
    view,
    fit,
    /** The scale at which a pixel of the image is one of the screen. */
    actual,
    isWhole: view.scale === 1,
    zoomBy,
    zoomTo,
    moveBy,
    turn: (by: -1 | 1) => setView(({ turns }) => ({ ...WHOLE, turns: (turns + by + 4) % 4 })),
    handlers: {
      onPointerDown: down,
      onPointerMove: move,
      onPointerUp: up,
      onPointerCancel: up,
      onDoubleClick: (event: MouseEvent) => {
        if (!(event.target instanceof SVGTextElement)) zoomTo(toggledScale(view, actual), pointOf(event));
      },
    },
  };
}
