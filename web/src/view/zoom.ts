export type Size = { readonly width: number; readonly height: number };
/** px from the middle of the stage. */
export type Point = { readonly x: number; readonly y: number };

/** How an image lies on its stage: so many times as large as it fits, moved by px, turned clockwise by quarters. */
export type View = Point & { readonly scale: number; readonly turns: number };
export const WHOLE: View = { scale: 1, x: 0, y: 0, turns: 0 };

/** A small image is shown at most so many times as large as it is, until the user zooms. */
const ENLARGED = 2;
/** CSS px of one pixel of the image at the closest. */
const CLOSEST = 8;
/** The least that the user can zoom in by, also where the image is small. */
const LEAST_CLOSEST = 4;
/** What a double click zooms to, at least. */
const DOUBLE_CLICK = 2;

/** px of the image, before it is turned, where it is as large as fits. */
export function fitted(image: Size, stage: Size, turns: number): Size {
  const [width, height] = turns % 2 === 0 ? [image.width, image.height] : [image.height, image.width];
  const ratio = Math.min(stage.width / width, stage.height / height, ENLARGED);
  return { width: image.width * ratio, height: image.height * ratio };
}

/** The scale at which a pixel of the image is one of the screen. */
export const actualScale = (image: Size, fit: Size, pixelRatio: number): number =>
  image.width / (fit.width * pixelRatio);

export const largestScale = (image: Size, fit: Size): number =>
  Math.max(LEAST_CLOSEST, (CLOSEST * image.width) / fit.width);

/** Zooms so that what is under the point stays there. */
export function zoomedAt(view: View, scale: number, { x, y }: Point): View {
  const k = scale / view.scale;
  return { ...view, scale, x: x - (x - view.x) * k, y: y - (y - view.y) * k };
}

/** The view with the image in sight: centred where it is smaller than the stage, else without a gap at its edges. */
export function within(view: View, fit: Size, stage: Size): View {
  const turned = view.turns % 2 !== 0;
  const room = (side: number, space: number) => Math.max(0, (side * view.scale - space) / 2);
  const x = room(turned ? fit.height : fit.width, stage.width);
  const y = room(turned ? fit.width : fit.height, stage.height);
  return { ...view, x: clamp(view.x, -x, x), y: clamp(view.y, -y, y) };
}

/** Between whole and close, and back. */
export const toggledScale = (view: View, actual: number): number =>
  view.scale > 1.01 ? 1 : Math.max(DOUBLE_CLICK, actual);

export const clamp = (value: number, least: number, most: number): number =>
  Math.min(most, Math.max(least, value));
