import { type PointerEvent, useEffect, useEffectEvent, useRef, useState, type WheelEvent } from 'react';
import { browsersShow } from '../../../shared/catalog/formats.ts';
import { absoluteUrl } from '../api/client.ts';
import type { Image } from '../api/types.ts';
import { nameOf } from '../grid/tile.tsx';
import { formatBytes } from '../ui/format.ts';
import { CloseIcon, LeftIcon, RightIcon } from '../ui/icons.tsx';
import { t } from '../ui/messages.ts';
import { Modal } from '../ui/modal.tsx';

type CompareProps = { readonly images: readonly Image[]; readonly onClose: () => void };

/** The part of an image that is seen: `scale` times as large as fits, `x` and `y` as shares of the pane. */
type Frame = { readonly scale: number; readonly x: number; readonly y: number };
const WHOLE: Frame = { scale: 1, x: 0, y: 0 };
const LARGEST = 16;

/** Two images side by side: zooming and moving one does the same to the other, whatever their sizes. */
export default function Compare({ images, onClose }: CompareProps) {
  const [left] = images;
  const [at, setAt] = useState(1);
  const [frame, setFrame] = useState<Frame>(WHOLE);
  const right = images[at];

  const zoom = (factor: number, x = 0.5, y = 0.5) => setFrame(before => zoomed(before, factor, x, y));
  const key = (event: KeyboardEvent) => {
    const next = frameByKey(event.key, frame);
    if (!next || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    setFrame(next);
  };
  const pressed = useEffectEvent(key);
  useEffect(() => {
    addEventListener('keydown', pressed);
    return () => removeEventListener('keydown', pressed);
  }, []);

  if (!left || !right) return null;
  const step = (by: number) => setAt(((at - 1 + by + images.length - 1) % (images.length - 1)) + 1);
  return (
    <Modal label={t.compare} className="compare" onClose={onClose}>
      <header className="compare-head">
        <strong>{t.compare}</strong>
        <span className="soft">{t.compareHint}</span>
        {images.length > 2 && (
          <span className="compare-walk">
            <button type="button" className="round" onClick={() => step(-1)} aria-label={t.previous}>
              <LeftIcon />
            </button>
            {at} / {images.length - 1}
            <button type="button" className="round" onClick={() => step(1)} aria-label={t.next}>
              <RightIcon />
            </button>
          </span>
        )}
        <button type="button" className="round" onClick={onClose} aria-label={t.close}>
          <CloseIcon />
        </button>
      </header>
      <div className="compare-panes">
        {[left, right].map((image, side) => (
          <Pane
            key={side === 0 ? 'left' : 'right'}
            image={image}
            frame={frame}
            onZoom={zoom}
            onMove={(x, y) => setFrame(before => moved(before, x, y))}
          />
        ))}
      </div>
    </Modal>
  );
}

type PaneProps = {
  readonly image: Image;
  readonly frame: Frame;
  readonly onZoom: (factor: number, x?: number, y?: number) => void;
  readonly onMove: (x: number, y: number) => void;
};

function Pane({ image, frame, onZoom, onMove }: PaneProps) {
  const pane = useRef<HTMLDivElement>(null);
  /** Fingers and pointers that are down, by where they were last. */
  const held = useRef(new Map<number, { x: number; y: number }>());
  const share = (event: { clientX: number; clientY: number }) => {
    const box = pane.current?.getBoundingClientRect();
    if (!box) return { x: 0.5, y: 0.5, width: 1, height: 1 };
    const x = (event.clientX - box.left) / box.width;
    const y = (event.clientY - box.top) / box.height;
    return { x, y, width: box.width, height: box.height };
  };
  const wheel = (event: WheelEvent) => {
    const { x, y } = share(event);
    onZoom(Math.exp(-event.deltaY / 300), x, y);
  };
  const down = (event: PointerEvent) => {
    event.currentTarget.setPointerCapture(event.pointerId);
    held.current.set(event.pointerId, { x: event.clientX, y: event.clientY });
  };
  const move = (event: PointerEvent) => {
    const from = held.current.get(event.pointerId);
    if (!from) return;
    const to = { x: event.clientX, y: event.clientY };
    const { x, y, width, height } = share(event);
    const other = [...held.current].find(([id]) => id !== event.pointerId)?.[1];
    if (other) {
      const factor = distance(to, other) / Math.max(1, distance(from, other));
      // Around the middle between the two fingers.
      onZoom(factor, x + (other.x - to.x) / 2 / width, y + (other.y - to.y) / 2 / height);
    } else onMove((to.x - from.x) / width, (to.y - from.y) / height);
    held.current.set(event.pointerId, to);
  };
  const release = (event: PointerEvent) => held.current.delete(event.pointerId);
  // Only beyond the preview's own pixels is the original worth its bytes.
  const large = frame.scale > 1.5 && browsersShow(image.format);
  return (
    <figure className="compare-pane">
      {/* biome-ignore lint/a11y/noStaticElementInteractions: the keys for the same are the dialog's */}
      <div
        ref={pane}
        className="compare-stage"
        onWheel={wheel}
        onPointerDown={down}
        onPointerMove={move}
        onPointerUp={release}
        onPointerCancel={release}
        onDoubleClick={event => {
          const { x, y } = share(event);
          onZoom(frame.scale > 1 ? 1 / frame.scale : 3, x, y);
        }}
      >
        <img
          src={absoluteUrl(large ? image.url : (image.preview_url ?? image.url))}
          alt={nameOf(image)}
          draggable={false}
          style={{
            translate: `${frame.x * 100}% ${frame.y * 100}%`,
            scale: frame.scale,
            imageRendering: frame.scale > 4 ? 'pixelated' : 'auto',
          }}
        />
      </div>
      <figcaption>
        <strong>{nameOf(image)}</strong>
        <span className="soft">
          {image.width} × {image.height} · {image.format.toUpperCase()} · {formatBytes(image.bytes)}
        </span>
      </figcaption>
    </figure>
  );
}

const distance = (a: { x: number; y: number }, b: { x: number; y: number }): number =>
  Math.hypot(a.x - b.x, a.y - b.y);

/** Enlarged around a point of the pane, which stays where it is. */
export function zoomed(frame: Frame, factor: number, x: number, y: number): Frame {
  const scale = Math.min(LARGEST, Math.max(1, frame.scale * factor));
  const by = scale / frame.scale;
  const about = (offset: number, point: number) => (offset + 0.5 - point) * by + point - 0.5;
  return within({ scale, x: about(frame.x, x), y: about(frame.y, y) });
}

const ZOOM_STEP = 1.4;
const MOVE_STEP = 0.08;

function frameByKey(key: string, frame: Frame): Frame | null {
  if (key === '+' || key === '=') return zoomed(frame, ZOOM_STEP, 0.5, 0.5);
  if (key === '-') return zoomed(frame, 1 / ZOOM_STEP, 0.5, 0.5);
  if (key === '0') return WHOLE;
  if (key === 'ArrowLeft') return moved(frame, MOVE_STEP, 0);
  if (key === 'ArrowRight') return moved(frame, -MOVE_STEP, 0);
  if (key === 'ArrowUp') return moved(frame, 0, MOVE_STEP);
  return key === 'ArrowDown' ? moved(frame, 0, -MOVE_STEP) : null;
}

/** Moved by shares of the pane. */
export const moved = (frame: Frame, x: number, y: number): Frame =>
  within({ ...frame, x: frame.x + x, y: frame.y + y });

/** Never so far that the pane is empty. */
function within({ scale, x, y }: Frame): Frame {
  const most = (scale - 1) / 2;
  const limit = (value: number) => Math.min(most, Math.max(-most, value));
  return { scale, x: limit(x), y: limit(y) };
}
