import {
  type KeyboardEvent,
  type PointerEvent,
  useEffect,
  useEffectEvent,
  useMemo,
  useRef,
  useState,
} from 'react';
import { setSelection, useSelection } from '../grid/selection.ts';
import { formatCount } from '../ui/format.ts';
import { LassoIcon, MinusIcon, PlusIcon, WholeIcon } from '../ui/icons.tsx';
import { t } from '../ui/messages.ts';
import { Tool } from '../ui/tool.tsx';
import { createPainter } from './draw.ts';
import {
  type Camera,
  cameraOfAll,
  imageAt,
  imagesInside,
  imageUnder,
  type Point,
  panned,
  toPlane,
  type View,
  zoomAt,
} from './scene.ts';
import { MOST_ON_MAP, type Plane, usePlane } from './use-plane.ts';

type MapProps = { readonly onShow: (id: string) => void };

/** The collection as a plane: what looks alike stands together. */
export default function MapPlace({ onShow }: MapProps) {
  const [round, setRound] = useState(0);
  const { plane, progress, error } = usePlane(round);
  return (
    <main className="map-place">
      <h1 className="visually-hidden">{t.placeMap}</h1>
      {plane && plane.images.length > 0 && (
        <MapCanvas plane={plane} onShow={onShow} onAnew={() => setRound(round + 1)} />
      )}
      {plane?.images.length === 0 && <p className="map-note">{t.noImagesText}</p>}
      {!plane && !error && (
        <div className="map-note" role="status">
          <p>{t.mapMaking}</p>
          <progress value={progress} aria-label={t.mapMaking} />
        </div>
      )}
      {error && (
        <p className="map-note alarm" role="alert">
          {error.message}
        </p>
      )}
    </main>
  );
}

type MapCanvasProps = MapProps & { readonly plane: Plane; readonly onAnew: () => void };

/** px that a press may move and still be a click; px around the middle in which the keys find an image. */
const SLACK = 5;
const REACH = 168;
const ZOOM_STEP = 1.5;
const PAN = 90;

function MapCanvas({ plane, onShow, onAnew }: MapCanvasProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const view = useSize(canvas);
  const [camera, setCamera] = useState<Camera | null>(null);
  const [drawing, setDrawing] = useState(false);
  const [line, setLine] = useState<readonly Point[]>([]);
  const [pointed, setPointed] = useState(-1);
  const [, setLoaded] = useState(0);
  const selected = useSelection();
  const pointers = useRef(new Map<number, Point>());
  const moved = useRef(0);

  const { images, positions } = plane;
  const painter = useMemo(() => createPainter(plane, () => setLoaded(count => count + 1)), [plane]);
  const whole = useMemo(() => (view ? cameraOfAll(positions, view) : null), [positions, view]);
  const now = camera ?? whole;
  const limits = { min: (whole?.zoom ?? 1) / 2, max: (whole?.zoom ?? 1) * 400 };

  useEffect(() => {
    const element = canvas.current;
    if (!element || !now || !view) return;
    const frame = requestAnimationFrame(() => {
      element.width = Math.round(view.width * devicePixelRatio);
      element.height = Math.round(view.height * devicePixelRatio);
      const accent = getComputedStyle(element).getPropertyValue('color');
      painter.draw(element, now, view, { pointed, selected, line, accent });
    });
    return () => cancelAnimationFrame(frame);
  });

  const zoom = (factor: number, at?: Point) => {
    if (!now || !view) return;
    const point = at ?? { x: view.width / 2, y: view.height / 2 };
    // From where the events before have brought it, which may not be drawn yet.
    setCamera(before => zoomAt(before ?? now, view, point, factor, limits));
  };
  const pan = (dx: number, dy: number) => {
    if (!now) return;
    const next = panned(now, dx, dy);
    setCamera(next);
    // With the keys, what is in the middle is what is meant.
    if (view) setPointed(imageAt(positions, next, view, { x: view.width / 2, y: view.height / 2 }, REACH));
  };
  const at = (event: { clientX: number; clientY: number }): Point => {
    const box = canvas.current?.getBoundingClientRect();
    return { x: event.clientX - (box?.left ?? 0), y: event.clientY - (box?.top ?? 0) };
  };

  // React hears wheels passively, and the page must not scroll or zoom under the map.
  const wheel = useEffectEvent((event: globalThis.WheelEvent) => {
    event.preventDefault();
    zoom(Math.exp(-event.deltaY / (event.ctrlKey ? 100 : 420)), at(event));
  });
  useEffect(() => {
    const element = canvas.current;
    element?.addEventListener('wheel', wheel, { passive: false });
    return () => element?.removeEventListener('wheel', wheel);
  }, []);

  const down = (event: PointerEvent) => {
    if (event.button !== 0) return;
    event.currentTarget.setPointerCapture(event.pointerId);
    pointers.current.set(event.pointerId, at(event));
    moved.current = 0;
    if ((drawing || event.shiftKey) && now && view) setLine([toPlane(now, view, at(event))]);
  };
  const move = (event: PointerEvent) => {
    if (!now || !view) return;
    const to = at(event);
    const from = pointers.current.get(event.pointerId);
    if (!from) return setPointed(imageUnder(positions, now, view, to));
    const [other] = [...pointers.current].flatMap(([id, point]) => (id === event.pointerId ? [] : [point]));
    moved.current += Math.hypot(to.x - from.x, to.y - from.y);
    pointers.current.set(event.pointerId, to);
    if (line.length > 0) setLine(before => [...before, toPlane(now, view, to)]);
    else if (other) {
      const factor =
        Math.hypot(to.x - other.x, to.y - other.y) /
        Math.max(1, Math.hypot(from.x - other.x, from.y - other.y));
      zoom(factor, { x: (to.x + other.x) / 2, y: (to.y + other.y) / 2 });
    } else setCamera(before => panned(before ?? now, to.x - from.x, to.y - from.y));
  };
  const up = (event: PointerEvent) => {
    pointers.current.delete(event.pointerId);
    if (line.length > 2) {
      setSelection(new Map(imagesInside(positions, line).map(i => [images[i]!.id, null])));
      setDrawing(false);
    } else if (moved.current < SLACK && now && view) {
      const found = images[imageUnder(positions, now, view, at(event))];
      if (found) onShow(found.id);
    }
    setLine([]);
  };
  const key = (event: KeyboardEvent) => {
    if (event.key === 'ArrowLeft') pan(PAN, 0);
    else if (event.key === 'ArrowRight') pan(-PAN, 0);
    else if (event.key === 'ArrowUp') pan(0, PAN);
    else if (event.key === 'ArrowDown') pan(0, -PAN);
    else if (event.key === '+' || event.key === '=') zoom(ZOOM_STEP);
    else if (event.key === '-') zoom(1 / ZOOM_STEP);
    else if (event.key === '0') setCamera(null);
    else if (event.key === 'Enter' && images[pointed]) onShow(images[pointed].id);
    else return;
    event.preventDefault();
  };

  const name = images[pointed] && (images[pointed].name ?? t.image);
  return (
    <>
      {/* biome-ignore lint/a11y/noInteractiveElementToNoninteractiveRole: it takes pointers and keys as a whole */}
      <canvas
        ref={canvas}
        className="map"
        role="application"
        aria-label={t.mapLabel(formatCount(images.length))}
        aria-describedby="map-pointed"
        tabIndex={0}
        data-drawing={drawing || undefined}
        data-pointed={pointed >= 0 || undefined}
        onPointerDown={down}
        onPointerMove={move}
        onPointerUp={up}
        onPointerLeave={() => setPointed(-1)}
        onKeyDown={key}
      />
      <p id="map-pointed" className="map-name" role="status">
        {name ?? (images.length >= MOST_ON_MAP ? t.mapCut(formatCount(MOST_ON_MAP)) : '')}
      </p>
      <div className="map-tools">
        <Tool
          className="round"
          label={t.lasso}
          icon={<LassoIcon />}
          onClick={() => setDrawing(!drawing)}
          pressed={drawing}
        />
        <Tool className="round" label={t.zoomIn} icon={<PlusIcon />} onClick={() => zoom(ZOOM_STEP)} />
        <Tool className="round" label={t.zoomOut} icon={<MinusIcon />} onClick={() => zoom(1 / ZOOM_STEP)} />
        <Tool className="round" label={t.wholeMap} icon={<WholeIcon />} onClick={() => setCamera(null)} />
        <button type="button" className="quiet" onClick={onAnew}>
          {t.mapAgain}
        </button>
      </div>
    </>
  );
}

/** The size of an element, px; null before it is known. */
function useSize(element: { readonly current: HTMLElement | null }): View | null {
  const [size, setSize] = useState<View | null>(null);
  useEffect(() => {
    const target = element.current;
    if (!target) return;
    const observer = new ResizeObserver(() =>
      setSize({ width: target.clientWidth, height: target.clientHeight }),
    );
    observer.observe(target);
    return () => observer.disconnect();
  }, [element]);
  return size;
}
