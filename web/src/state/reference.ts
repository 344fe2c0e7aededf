/** A part of an image as fractions of its width and height, from its upper left corner. */
export type Region = {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
};

/** An image that the search looks for more of, or for less of where the weight is negative. */
export type Reference = {
  /** `image`: of the library; `file`: dropped, pasted or chosen, and kept in this tab. */
  readonly kind: 'image' | 'file';
  /** The image's id, or the key of the file. */
  readonly key: string;
  /** −MAX_WEIGHT to MAX_WEIGHT, never 0. */
  readonly weight: number;
  /** Null for the whole image. */
  readonly region: Region | null;
};

export const MAX_WEIGHT = 3;
export const WEIGHT_STEP = 0.25;
export const MAX_REFERENCES = 12;

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
export const isImageId = (text: string): boolean => UUID.test(text);

export const likeImage = (id: string, weight = 1, region: Region | null = null): Reference => ({
  kind: 'image',
  key: id,
  weight,
  region,
});

/** Identifies a reference without its weight: the same image twice is one reference, two regions of it are two. */
export const referenceId = ({ kind, key, region }: Reference): string =>
  `${kind} ${key} ${region ? formatRegion(region) : ''}`;

/** Adds a reference, or gives it its new weight where it is one already. */
export function withReference(references: readonly Reference[], added: Reference): readonly Reference[] {
  const id = referenceId(added);
  const at = references.findIndex(other => referenceId(other) === id);
  if (at === -1) return [...references, added].slice(-MAX_REFERENCES);
  return references.map((other, i) => (i === at ? added : other));
}

/** A weight on the steps of the slider. A weight of 0 has no effect, so it is skipped in the direction of the step. */
export function clampWeight(weight: number, direction: 1 | -1 = 1): number {
  const stepped = Math.round(weight / WEIGHT_STEP) * WEIGHT_STEP;
  const clamped = Math.min(MAX_WEIGHT, Math.max(-MAX_WEIGHT, stepped));
  return clamped === 0 ? direction * WEIGHT_STEP : clamped;
}

/** `KEY`, `KEY*WEIGHT` or `KEY*WEIGHT*X_Y_WIDTH_HEIGHT`, as the address holds it. */
export function formatReference({ key, weight, region }: Reference): string {
  if (region) return `${key}*${weight}*${formatRegion(region)}`;
  return weight === 1 ? key : `${key}*${weight}`;
}

/** Parses a reference of the address; null where it is not valid. */
export function parseReference(kind: Reference['kind'], text: string): Reference | null {
  const [key = '', weightText = '1', regionText] = text.split('*');
  const valid = kind === 'image' ? isImageId(key) : /^[a-z0-9]{1,40}$/.test(key);
  const weight = Number(weightText);
  if (!valid || !Number.isFinite(weight) || weight === 0) return null;
  const region = regionText === undefined ? null : parseRegion(regionText);
  if (regionText !== undefined && !region) return null;
  return { kind, key, weight: clampWeight(weight, weight < 0 ? -1 : 1), region };
}

const DIGITS = 4;
const formatRegion = ({ x, y, width, height }: Region): string =>
  [x, y, width, height].map(value => Number(value.toFixed(DIGITS))).join('_');

function parseRegion(text: string): Region | null {
  const [x, y, width, height, ...rest] = text
    .split('_')
    .map(part => (part === '' ? Number.NaN : Number(part)));
  if (x === undefined || y === undefined || width === undefined || height === undefined) return null;
  const inside = x >= 0 && y >= 0 && width > 0 && height > 0 && x + width <= 1.001 && y + height <= 1.001;
  // Rounded for the address, it may reach a hair beyond the image.
  return inside && rest.length === 0
    ? { x, y, width: Math.min(width, 1 - x), height: Math.min(height, 1 - y) }
    : null;
}
