import type { Rectangle } from './min-area-rectangle.ts';
import type { RgbImage } from './rgb-image.ts';

/** px that the recogniser sees of a line's height. */
export const LINE_HEIGHT = 48;

/** How a line runs: 0 to the right, 1 upwards, 2 to the left (on its head), 3 downwards. */
export type QuarterTurns = 0 | 1 | 2 | 3;

/** A line as the recogniser takes it: planes of blue, green and red, −1 to 1. */
export type LineInput = {
  /** Float32Array[3 × LINE_HEIGHT × width] */
  readonly planes: Float32Array;
  readonly width: number;
};

/**
 * Samples along and across a pixel. Each mixes four pixels of the image, so none is left out up to a scale of
 * twice as many; of letters larger still, these are enough, and things as large as the image cost no more.
 */
const MOST_SAMPLES = 4;

/**
 * Cuts a line out of the image, upright and LINE_HEIGHT px high, its proportions kept.
 * Each pixel is the mean of samples across the pixels of the image that it covers, which keeps large letters smooth.
 */
export function cropLine(image: RgbImage, rectangle: Rectangle, turns: QuarterTurns): LineInput {
  const { x, y, angle } = rectangle;
  const turned = turns % 2 === 1;
  const [along, across] = turned ? [rectangle.height, rectangle.width] : [rectangle.width, rectangle.height];
  const scale = across / LINE_HEIGHT;
  const width = Math.max(1, Math.round(along / scale));
  // The axes of the line in the image: along it, and down through its letters.
  const direction = angle - (turns * Math.PI) / 2;
  const [cos, sin] = [Math.cos(direction), Math.sin(direction)];
  const samples = Math.min(MOST_SAMPLES, Math.max(1, Math.round(scale)));
  const stepAlong = along / width / samples;
  const stepAcross = across / LINE_HEIGHT / samples;
  const plane = LINE_HEIGHT * width;
  const planes = new Float32Array(3 * plane);
  const factor = 2 / 255 / samples ** 2;
  const sampler = bilinear(image);
  for (let row = 0, o = 0; row < LINE_HEIGHT; row++) {
    for (let column = 0; column < width; column++, o++) {
      sampler.clear();
      for (let i = 0; i < samples; i++) {
        const v = (row * samples + i + 0.5) * stepAcross - across / 2;
        for (let j = 0; j < samples; j++) {
          const u = (column * samples + j + 0.5) * stepAlong - along / 2;
          sampler.add(x + u * cos - v * sin - 0.5, y + u * sin + v * cos - 0.5);
        }
      }
      planes[o] = sampler.sum[2]! * factor - 1;
      planes[o + plane] = sampler.sum[1]! * factor - 1;
      planes[o + 2 * plane] = sampler.sum[0]! * factor - 1;
    }
  }
  return { planes, width };
}

/** The line on its head: what `cropLine` gives for two more quarter turns. */
export function turnedAround({ planes, width }: LineInput): LineInput {
  const plane = planes.length / 3;
  const turned = planes.slice();
  for (let start = 0; start < planes.length; start += plane) turned.subarray(start, start + plane).reverse();
  return { planes: turned, width };
}

/** The line in grey: each pixel by its brightest channel. */
export function brightestChannel({ planes, width }: LineInput): LineInput {
  const plane = planes.length / 3;
  const grey = new Float32Array(planes.length);
  for (let i = 0; i < plane; i++) {
    grey[i] = Math.max(planes[i]!, planes[i + plane]!, planes[i + 2 * plane]!);
  }
  grey.copyWithin(plane, 0, plane);
  grey.copyWithin(2 * plane, 0, plane);
  return { planes: grey, width };
}

/** Adds up samples between pixels; beyond its edge the image goes on as at the edge. */
function bilinear({ data, width, height }: RgbImage) {
  const sum = new Float64Array(3);
  return {
    sum,
    clear: () => sum.fill(0),
    add(x: number, y: number) {
      const cx = Math.min(width - 1, Math.max(0, x));
      const cy = Math.min(height - 1, Math.max(0, y));
      const left = Math.floor(cx);
      const top = Math.floor(cy);
      const right = Math.min(width - 1, left + 1);
      const bottom = Math.min(height - 1, top + 1);
      const [fx, fy] = [cx - left, cy - top];
      const a = (top * width + left) * 3;
      const b = (top * width + right) * 3;
      const c = (bottom * width + left) * 3;
      const d = (bottom * width + right) * 3;
      const [wa, wb, wc, wd] = [(1 - fx) * (1 - fy), fx * (1 - fy), (1 - fx) * fy, fx * fy];
      for (let k = 0; k < 3; k++) {
        sum[k]! += data[a + k]! * wa + data[b + k]! * wb + data[c + k]! * wc + data[d + k]! * wd;
      }
    },
  };
}
