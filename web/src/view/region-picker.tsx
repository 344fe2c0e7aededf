import { type KeyboardEvent, type PointerEvent, useEffect, useRef, useState } from 'react';
import type { Region } from '../state/reference.ts';
import { CloseIcon, SearchIcon } from '../ui/icons.tsx';
import { t } from '../ui/messages.ts';

type RegionPickerProps = {
  readonly onPick: (region: Region) => void;
  readonly onCancel: () => void;
};

const START: Region = { x: 0.25, y: 0.25, width: 0.5, height: 0.5 };
/** Share of an image below which a press is no drawing. */
const SMALLEST = 0.03;
const STEP = 0.04;

/**
 * A frame that is drawn on an image, to search for what is in it. It lies over the image it is put into. Arrow keys
 * move it, with Shift they change its size, Enter searches.
 */
export function RegionPicker({ onPick, onCancel }: RegionPickerProps) {
  const area = useRef<HTMLDivElement>(null);
  const frame = useRef<HTMLDivElement>(null);
  const [region, setRegion] = useState(START);
  const start = useRef<{ x: number; y: number } | null>(null);

  useEffect(() => frame.current?.focus(), []);

  const at = (event: PointerEvent) => {
    const box = area.current?.getBoundingClientRect();
    if (!box) return { x: 0, y: 0 };
    return {
      x: clamp((event.clientX - box.left) / box.width),
      y: clamp((event.clientY - box.top) / box.height),
    };
  };
  const down = (event: PointerEvent) => {
    if (event.button !== 0 || (event.target instanceof Element && event.target.closest('button'))) return;
    event.preventDefault();
    event.currentTarget.setPointerCapture(event.pointerId);
    start.current = at(event);
  };
  const move = (event: PointerEvent) => {
    const from = start.current;
    if (!from) return;
    const to = at(event);
    const drawn = between(from, to);
    if (drawn.width > SMALLEST && drawn.height > SMALLEST) setRegion(drawn);
  };
  const up = () => {
    start.current = null;
    frame.current?.focus();
  };
  const key = (event: KeyboardEvent) => {
    const next = regionByKey(event, region);
    if (event.key === 'Enter') onPick(region);
    else if (event.key === 'Escape') onCancel();
    else if (next) setRegion(next);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };

  const { x, y, width, height } = region;
  const percent = (value: number) => `${value * 100}%`;
  return (
    <div
      ref={area}
      className="region"
      onPointerDown={down}
      onPointerMove={move}
      onPointerUp={up}
      onPointerCancel={up}
    >
      <div
        ref={frame}
        className="region-frame"
        role="application"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: it takes the arrow keys
        tabIndex={0}
        aria-label={t.regionHint}
        onKeyDown={key}
        style={{ left: percent(x), top: percent(y), width: percent(width), height: percent(height) }}
      />
      <div
        className="region-actions"
        style={{ left: percent(x + width / 2), top: percent(Math.min(0.88, y + height)) }}
      >
        <button type="button" className="main" onClick={() => onPick(region)}>
          <SearchIcon />
          {t.searchRegion}
        </button>
        <button type="button" className="round" onClick={onCancel} aria-label={t.cancel}>
          <CloseIcon />
        </button>
      </div>
    </div>
  );
}

const clamp = (value: number): number => Math.min(1, Math.max(0, value));

const between = (a: { x: number; y: number }, b: { x: number; y: number }): Region => ({
  x: Math.min(a.x, b.x),
  y: Math.min(a.y, b.y),
  width: Math.abs(a.x - b.x),
  height: Math.abs(a.y - b.y),
});

function regionByKey({ key, shiftKey }: KeyboardEvent, region: Region): Region | null {
  const dx = key === 'ArrowLeft' ? -STEP : key === 'ArrowRight' ? STEP : 0;
  const dy = key === 'ArrowUp' ? -STEP : key === 'ArrowDown' ? STEP : 0;
  if (dx === 0 && dy === 0) return null;
  const { x, y, width, height } = region;
  if (shiftKey)
    return {
      x,
      y,
      width: Math.min(1 - x, Math.max(SMALLEST, width + dx)),
      height: Math.min(1 - y, Math.max(SMALLEST, height + dy)),
    };
  return {
    ...region,
    x: Math.min(1 - width, Math.max(0, x + dx)),
    y: Math.min(1 - height, Math.max(0, y + dy)),
  };
}
