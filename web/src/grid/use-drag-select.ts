import { type MouseEvent, type PointerEvent, type RefObject, useEffect, useEffectEvent, useRef } from 'react';
import type { ListingView } from '../listing/use-listing.ts';
import { type Band, bandAt, type Stack } from './bands.ts';
import { nearestTile } from './move-along.ts';
import { currentSelection, type Selection, setSelection } from './selection.ts';

type Grid = {
  readonly container: RefObject<HTMLElement | null>;
  readonly layout: Stack;
  /** px from the page's top to the grid's */
  readonly margin: number;
  readonly view: ListingView;
};

/** ms that a finger rests on an image until it is selected. */
const LONG_PRESS = 420;
/** px that a pointer moves before it drags. */
const SLACK = 6;
/** px from the window's ends where dragging scrolls, and px a frame that it does at the very end. */
const EDGE = 70;
const SPEED = 22;

type Drag = {
  readonly from: string;
  readonly before: Selection;
  /** Whether the images dragged over are selected or no longer so. */
  readonly adds: boolean;
  x: number;
  y: number;
  moving: boolean;
};

/**
 * Selecting by dragging: with the mouse from a check, from empty ground, or from any image while others are
 * selected; with a finger after a long press. All images from the first to the one under the pointer are taken.
 */
export function useDragSelect({ container, layout, margin, view }: Grid) {
  const drag = useRef<Drag | null>(null);
  const press = useRef({ timer: 0, x: 0, y: 0 });

  const idAt = (x: number, y: number): string | undefined => {
    const box = container.current?.getBoundingClientRect();
    if (!box) return undefined;
    const row = rowNear(layout, y + scrollY - margin);
    const tile = row && nearestTile(row, x - box.left);
    return row && view.shapes[row.section]?.ids[row.tiles[tile ?? 0]?.index ?? -1];
  };
  const take = useEffectEvent(() => {
    const now = drag.current;
    const to = now ? idAt(now.x, now.y) : undefined;
    if (!now || to === undefined) return;
    const next = new Map(now.before);
    for (const id of between(view, now.from, to)) {
      if (now.adds) next.set(id, view.hits.get(id)?.img ?? next.get(id) ?? null);
      else next.delete(id);
    }
    setSelection(next);
  });

  const begin = useEffectEvent((x: number, y: number, moving: boolean) => {
    const from = idAt(x, y);
    if (from === undefined) return;
    const before = currentSelection();
    drag.current = { from, before, adds: !before.has(from), x, y, moving };
    if (moving) take();
  });

  useEffect(() => {
    let frame = 0;
    const scroll = () => {
      const now = drag.current;
      if (!now?.moving) return;
      const over =
        now.y < EDGE ? now.y - EDGE : now.y > innerHeight - EDGE ? now.y - (innerHeight - EDGE) : 0;
      if (over !== 0) {
        scrollBy({ top: (SPEED * over) / EDGE, behavior: 'instant' });
        take();
      }
      frame = requestAnimationFrame(scroll);
    };
    const move = (event: globalThis.PointerEvent) => {
      const now = drag.current;
      if (!now) {
        const { timer, x, y } = press.current;
        if (isFar(event, x, y)) clearTimeout(timer);
        return;
      }
      const far = isFar(event, now.x, now.y);
      if (!now.moving && !far) return;
      if (!now.moving) {
        now.moving = true;
        frame = requestAnimationFrame(scroll);
      }
      now.x = event.clientX;
      now.y = event.clientY;
      take();
    };
    const end = () => {
      clearTimeout(press.current.timer);
      cancelAnimationFrame(frame);
      if (drag.current?.moving) swallowClick();
      drag.current = null;
    };
    // While a finger selects, the page must not scroll under it.
    const hold = (event: TouchEvent) => drag.current?.moving && event.cancelable && event.preventDefault();
    addEventListener('pointermove', move);
    addEventListener('pointerup', end);
    addEventListener('pointercancel', end);
    addEventListener('touchmove', hold, { passive: false });
    return () => {
      removeEventListener('pointermove', move);
      removeEventListener('pointerup', end);
      removeEventListener('pointercancel', end);
      removeEventListener('touchmove', hold);
    };
  }, []);

  const onPointerDown = (event: PointerEvent) => {
    if (event.button !== 0 || !(event.target instanceof Element) || event.shiftKey) return;
    const { clientX: x, clientY: y } = event;
    if (event.pointerType !== 'mouse') {
      if (!event.target.closest('.tile-link')) return;
      press.current = { timer: window.setTimeout(() => begin(x, y, true), LONG_PRESS), x, y };
      return;
    }
    const ground = event.target.closest('.tile') === null;
    const check = event.target.closest('.tile-select') !== null;
    const link = event.target.closest('.tile-link') !== null;
    if (ground) event.preventDefault();
    if (ground || check || (link && currentSelection().size > 0)) begin(x, y, false);
  };
  // A long press would open the browser's menu of the link.
  const onContextMenu = (event: MouseEvent) => {
    if (drag.current?.moving || matchMedia('(hover: none)').matches) event.preventDefault();
  };
  return { onPointerDown, onContextMenu };
}

const isFar = (event: { clientX: number; clientY: number }, x: number, y: number): boolean =>
  Math.hypot(event.clientX - x, event.clientY - y) > SLACK;

/** All ids from one to another in the listing's order, both included, whichever comes first. */
export function between({ shapes }: ListingView, a: string, b: string): string[] {
  const ids = shapes.flatMap(shape => shape.ids);
  const [first, last] = [ids.indexOf(a), ids.indexOf(b)].sort((x, y) => x - y);
  if (first === undefined || last === undefined || first === -1) return [b];
  return ids.slice(first, last + 1);
}

/** The row at this height, or the next one up or down. */
function rowNear(layout: Stack, y: number): Extract<Band, { kind: 'row' }> | undefined {
  const at = bandAt(layout, y);
  for (let step = 0; step < 4; step++)
    for (const band of [layout.bands[at + step], layout.bands[at - step]])
      if (band?.kind === 'row') return band;
  return undefined;
}

/** The click that ends a drag opens nothing; the next press is another matter. */
function swallowClick(): void {
  const over = new AbortController();
  const options = { capture: true, once: true, signal: over.signal };
  const stop = (event: Event) => {
    event.stopPropagation();
    event.preventDefault();
  };
  addEventListener('click', stop, options);
  addEventListener('pointerdown', () => over.abort(), options);
  setTimeout(() => over.abort(), 60);
}
