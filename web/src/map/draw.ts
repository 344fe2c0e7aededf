import { thumbHashToAverageRGBA } from 'thumbhash';
import { absoluteUrl } from '../api/client.ts';
import type { MapImage } from '../api/types.ts';
import { type Camera, type Point, thumbnailEdge, thumbnailsIn, toWindow, type View } from './scene.ts';
import type { Plane } from './use-plane.ts';

/** Thumbnails kept decoded. */
const MOST_LOADED = 600;

export type Painter = ReturnType<typeof createPainter>;

/** Draws the map: dots in the images' own colours, and thumbnails where there is room for them. */
export function createPainter({ images, positions }: Plane, onLoaded: () => void) {
  const colours = images.map(colourOf);
  const loaded = new Map<number, HTMLImageElement>();

  function thumbnail(index: number): HTMLImageElement | null {
    const known = loaded.get(index);
    if (known) {
      loaded.delete(index);
      loaded.set(index, known);
      return known.complete && known.naturalWidth > 0 ? known : null;
    }
    const url = images[index]?.thumbnail_url;
    if (!url) return null;
    const image = new Image();
    image.onload = onLoaded;
    image.src = absoluteUrl(url);
    loaded.set(index, image);
    const [oldest] = loaded.keys();
    if (loaded.size > MOST_LOADED && oldest !== undefined) loaded.delete(oldest);
    return null;
  }

  return {
    draw(canvas: HTMLCanvasElement, camera: Camera, view: View, marks: Marks): void {
      const context = canvas.getContext('2d');
      if (!context) return;
      const ratio = devicePixelRatio;
      context.setTransform(ratio, 0, 0, ratio, 0, 0);
      context.clearRect(0, 0, view.width, view.height);
      const radius = Math.min(5, Math.max(1.6, camera.zoom / 14));
      for (let i = 0; i < images.length; i++) {
        const { x, y } = toWindow(camera, view, { x: positions[2 * i]!, y: positions[2 * i + 1]! });
        if (x < -9 || y < -9 || x > view.width + 9 || y > view.height + 9) continue;
        context.fillStyle = colours[i]!;
        context.beginPath();
        context.arc(x, y, radius, 0, 7);
        context.fill();
      }
      for (const i of thumbnailsIn(positions, camera, view)) drawThumbnail(context, i, camera, view, marks);
      drawLasso(context, camera, view, marks);
    },
  };

  function drawThumbnail(
    context: CanvasRenderingContext2D,
    i: number,
    camera: Camera,
    view: View,
    marks: Marks,
  ): void {
    const image = thumbnail(i);
    const ratio = images[i]?.aspect_ratio ?? 1;
    const edge = thumbnailEdge(camera);
    const width = ratio >= 1 ? edge : edge * ratio;
    const height = ratio >= 1 ? edge / ratio : edge;
    const { x, y } = toWindow(camera, view, { x: positions[2 * i]!, y: positions[2 * i + 1]! });
    context.save();
    context.beginPath();
    context.roundRect(x - width / 2, y - height / 2, width, height, 6);
    context.fillStyle = colours[i]!;
    context.fill();
    if (image) {
      context.clip();
      context.drawImage(image, x - width / 2, y - height / 2, width, height);
    }
    context.restore();
    if (i !== marks.pointed && !marks.selected.has(images[i]?.id ?? '')) return;
    context.lineWidth = 3;
    context.strokeStyle = marks.accent;
    context.beginPath();
    context.roundRect(x - width / 2, y - height / 2, width, height, 6);
    context.stroke();
  }
}

export type Marks = {
  /** Index of the image under the pointer, or in the middle for the keys; −1 for none. */
  readonly pointed: number;
  readonly selected: ReadonlyMap<string, unknown>;
  /** The line that is being drawn, on the plane. */
  readonly line: readonly Point[];
  readonly accent: string;
};

function drawLasso(
  context: CanvasRenderingContext2D,
  camera: Camera,
  view: View,
  { line, accent }: Marks,
): void {
  if (line.length < 2) return;
  context.beginPath();
  for (const [i, point] of line.entries()) {
    const { x, y } = toWindow(camera, view, point);
    if (i === 0) context.moveTo(x, y);
    else context.lineTo(x, y);
  }
  context.closePath();
  context.globalAlpha = 0.14;
  context.fillStyle = accent;
  context.fill();
  context.globalAlpha = 1;
  context.lineWidth = 2;
  context.strokeStyle = accent;
  context.stroke();
}

function colourOf({ placeholder }: MapImage): string {
  try {
    const hash = Uint8Array.from(atob(placeholder ?? ''), letter => letter.charCodeAt(0));
    const { r, g, b } = thumbHashToAverageRGBA(hash);
    return `rgb(${Math.round(r * 255)} ${Math.round(g * 255)} ${Math.round(b * 255)})`;
  } catch {
    return 'rgb(140 146 143)';
  }
}
