import * as ort from 'onnxruntime-node';
import sharp from 'sharp';
import type { Area, RgbImage } from './rgb-image.ts';
import type { TextMap } from './text-regions.ts';

/** Sides of what the detector takes are multiples of this, px. */
const MULTIPLE = 32;
/** Longest side of one run, px: bounds its memory, 100 MB less than at 960. */
const LONGEST = 704;
/** What a run sees beyond its own part where an area takes several, px: so far a line's surroundings count. */
const MARGIN = 64;

/**
 * Tells where in an area of the image text stands. An area of any shape comes as one map, so that no line is cut.
 * @param scale px of the map for each px of the image
 * @param shouldStop asked before each run of the detector; what was not looked at has no text
 */
export async function mapText(
  detector: ort.InferenceSession,
  image: RgbImage,
  area: Area,
  scale: number,
  shouldStop: () => boolean,
): Promise<TextMap> {
  const width = Math.max(1, Math.round(area.width * scale));
  const height = Math.max(1, Math.round(area.height * scale));
  const pixels = await shrink(image, area, width, height);
  const map = { data: new Uint8Array(width * height), width, height };
  for (const row of stretches(height)) {
    for (const column of stretches(width)) {
      if (shouldStop()) return map;
      await fillPart(detector, pixels, map, column, row);
    }
  }
  return map;
}

/** A stretch of a side: what a run sees of it, and the core that it fills in. */
export type Stretch = {
  readonly start: number;
  readonly end: number;
  readonly coreStart: number;
  readonly coreEnd: number;
};

/** Divides a side into stretches whose cores tile it. */
export function stretches(length: number): Stretch[] {
  if (length <= LONGEST) return [{ start: 0, end: length, coreStart: 0, coreEnd: length }];
  const count = Math.ceil(length / (LONGEST - 2 * MARGIN));
  const border = (i: number) => Math.round((i * length) / count);
  return Array.from({ length: count }, (_, i) => ({
    start: Math.max(0, border(i) - MARGIN),
    end: Math.min(length, border(i + 1) + MARGIN),
    coreStart: border(i),
    coreEnd: border(i + 1),
  }));
}

async function fillPart(
  detector: ort.InferenceSession,
  pixels: RgbImage,
  map: { readonly data: Uint8Array; readonly width: number },
  column: Stretch,
  row: Stretch,
): Promise<void> {
  const width = roundUp(column.end - column.start);
  const height = roundUp(row.end - row.start);
  const x = new ort.Tensor('float32', detectorInput(pixels, column.start, row.start, width, height), [
    1,
    3,
    height,
    width,
  ]);
  const outputs = await detector.run({ x });
  const belief = outputs[detector.outputNames[0] ?? '']?.data;
  if (!(belief instanceof Float32Array)) throw new TypeError('The detector gives no 32-bit floats');
  for (let y = row.coreStart; y < row.coreEnd; y++) {
    const from = (y - row.start) * width - column.start;
    const to = y * map.width;
    for (let x = column.coreStart; x < column.coreEnd; x++) map.data[to + x] = belief[from + x]! * 255 + 0.5;
  }
}

/** Planes of blue, green and red, −1 to 1; beyond the image's edge as at the edge. */
function detectorInput(
  { data, width, height }: RgbImage,
  left: number,
  top: number,
  wide: number,
  high: number,
): Float32Array {
  const plane = wide * high;
  const planes = new Float32Array(3 * plane);
  for (let y = 0, o = 0; y < high; y++) {
    const row = Math.min(height - 1, top + y) * width;
    for (let x = 0; x < wide; x++, o++) {
      const p = (row + Math.min(width - 1, left + x)) * 3;
      planes[o] = data[p + 2]! / 127.5 - 1;
      planes[o + plane] = data[p + 1]! / 127.5 - 1;
      planes[o + 2 * plane] = data[p]! / 127.5 - 1;
    }
  }
  return planes;
}

const roundUp = (side: number): number => Math.ceil(side / MULTIPLE) * MULTIPLE;

async function shrink(image: RgbImage, area: Area, width: number, height: number): Promise<RgbImage> {
  const raw = { width: image.width, height: image.height, channels: 3 } as const;
  const data = await sharp(image.data, { raw })
    .extract(area)
    .resize(width, height, { fit: 'fill', kernel: 'linear' })
    .raw()
    .toBuffer();
  return { data, width, height };
}
