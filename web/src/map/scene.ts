/** A point of the plane, or of the window, px. */
export type Point = { readonly x: number; readonly y: number };

/** What part of the plane is seen: its middle, and px of the window for a unit of the plane. */
export type Camera = { readonly x: number; readonly y: number; readonly zoom: number };

/** The window's size, px. */
export type View = { readonly width: number; readonly height: number };

export const toWindow = (camera: Camera, view: View, { x, y }: Point): Point => ({
  x: (x - camera.x) * camera.zoom + view.width / 2,
  y: (y - camera.y) * camera.zoom + view.height / 2,
});

export const toPlane = (camera: Camera, view: View, { x, y }: Point): Point => ({
  x: (x - view.width / 2) / camera.zoom + camera.x,
  y: (y - view.height / 2) / camera.zoom + camera.y,
});

/** Nearer or farther around a point of the window, which stays where it is. */
export function zoomAt(
  camera: Camera,
  view: View,
  at: Point,
  factor: number,
  limits: { min: number; max: number },
): Camera {
  const zoom = Math.min(limits.max, Math.max(limits.min, camera.zoom * factor));
  const before = toPlane(camera, view, at);
  const after = toPlane({ ...camera, zoom }, view, at);
  return { zoom, x: camera.x + before.x - after.x, y: camera.y + before.y - after.y };
}

/** Moved with what is under the pointer, by px of the window. */
export const panned = (camera: Camera, dx: number, dy: number): Camera => ({
  ...camera,
  x: camera.x - dx / camera.zoom,
  y: camera.y - dy / camera.zoom,
});

/** px of the square that only one thumbnail may stand in, at the least; it grows to twice that. */
const CELL = 58;
/** Of that square's edge, what the longer edge of a thumbnail takes. */
const FILLED = 0.92;

/** All of the plane, with some ground around it. @param positions x and y in turns */
export function cameraOfAll(positions: Float32Array, view: View): Camera {
  let [left, right, top, bottom] = [
    Number.POSITIVE_INFINITY,
    Number.NEGATIVE_INFINITY,
    Number.POSITIVE_INFINITY,
    Number.NEGATIVE_INFINITY,
  ];
  for (let i = 0; i < positions.length; i += 2) {
    left = Math.min(left, positions[i]!);
    right = Math.max(right, positions[i]!);
    top = Math.min(top, positions[i + 1]!);
    bottom = Math.max(bottom, positions[i + 1]!);
  }
  if (positions.length === 0) return { x: 0, y: 0, zoom: 40 };
  const width = Math.max(1e-3, right - left);
  const height = Math.max(1e-3, bottom - top);
  // No thumbnail at the edge of the plane is cut off.
  const inner = (length: number) => Math.max(length / 2, length - 2 * CELL);
  const zoom = Math.min(inner(view.width) / width, inner(view.height) / height);
  return { x: (left + right) / 2, y: (top + bottom) / 2, zoom };
}

/**
 * The edge of that square as a length of the plane. It changes by powers of two alone, so that moving changes nothing
 * and zooming lets thumbnails grow until there is room for more.
 */
const roomOf = ({ zoom }: Camera): number => CELL / 2 ** Math.floor(Math.log2(zoom));

/** px of a thumbnail's longer edge. */
export const thumbnailEdge = (camera: Camera): number => FILLED * roomOf(camera) * camera.zoom;

/**
 * Which images are shown as thumbnails: in their order each for which there is still room, so that none covers
 * another. The rest are dots.
 */
export function thumbnailsIn(positions: Float32Array, camera: Camera, view: View): number[] {
  const room = roomOf(camera);
  const from = toPlane(camera, view, { x: -2 * CELL, y: -2 * CELL });
  const to = toPlane(camera, view, { x: view.width + 2 * CELL, y: view.height + 2 * CELL });
  const taken = new Map<string, Point>();
  const shown: number[] = [];
  for (let i = 0; i < positions.length / 2; i++) {
    const [x, y] = [positions[2 * i]!, positions[2 * i + 1]!];
    if (x < from.x || x > to.x || y < from.y || y > to.y) continue;
    const [column, row] = [Math.floor(x / room), Math.floor(y / room)];
    if (isTaken(taken, { x, y }, column, row, room)) continue;
    taken.set(`${column} ${row}`, { x, y });
    shown.push(i);
  }
  return shown;
}

/** Whether a thumbnail stands within the room of this one; it is then in one of the cells around. */
function isTaken(
  taken: ReadonlyMap<string, Point>,
  { x, y }: Point,
  column: number,
  row: number,
  room: number,
): boolean {
  for (let dx = -1; dx <= 1; dx++)
    for (let dy = -1; dy <= 1; dy++) {
      const other = taken.get(`${column + dx} ${row + dy}`);
      if (other && Math.abs(other.x - x) < room && Math.abs(other.y - y) < room) return true;
    }
  return false;
}

/** The image nearest to a point of the window, within so many px; −1 for none. */
export function imageAt(
  positions: Float32Array,
  camera: Camera,
  view: View,
  at: Point,
  within: number,
): number {
  const { x, y } = toPlane(camera, view, at);
  let best = -1;
  let least = (within / camera.zoom) ** 2;
  for (let i = 0; i < positions.length / 2; i++) {
    const distance = (positions[2 * i]! - x) ** 2 + (positions[2 * i + 1]! - y) ** 2;
    if (distance > least) continue;
    least = distance;
    best = i;
  }
  return best;
}

/** px around the pointer in which a dot is found. */
const DOT_REACH = 14;

/** What stands at a point of the window: the thumbnail there, else the nearest dot; −1 for neither. */
export function imageUnder(positions: Float32Array, camera: Camera, view: View, at: Point): number {
  const half = thumbnailEdge(camera) / 2;
  const thumbnail = thumbnailsIn(positions, camera, view).find(i => {
    const { x, y } = toWindow(camera, view, { x: positions[2 * i]!, y: positions[2 * i + 1]! });
    return Math.abs(x - at.x) <= half && Math.abs(y - at.y) <= half;
  });
  return thumbnail ?? imageAt(positions, camera, view, at, DOT_REACH);
}

/** Indexes of the images inside a closed line of the plane: even-odd rule. */
export function imagesInside(positions: Float32Array, line: readonly Point[]): number[] {
  const found: number[] = [];
  for (let i = 0; i < positions.length / 2; i++)
    if (isInside({ x: positions[2 * i]!, y: positions[2 * i + 1]! }, line)) found.push(i);
  return found;
}

function isInside({ x, y }: Point, line: readonly Point[]): boolean {
  let inside = false;
  for (let i = 0, j = line.length - 1; i < line.length; j = i++) {
    const [a, b] = [line[i]!, line[j]!];
    if (a.y > y !== b.y > y && x < ((b.x - a.x) * (y - a.y)) / (b.y - a.y) + a.x) inside = !inside;
  }
  return inside;
}
