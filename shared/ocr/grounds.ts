import type { RgbImage } from './rgb-image.ts';

/** An image over white, and what was laid over it: Uint8Array[pixels], 255 = opaque. */
export type TransparentImage = RgbImage & { readonly alpha?: Uint8Array | null };

/** Visible pixels lighter than this (0–255) hardly stand out against white. */
const LIGHT = 190;
/** Least share of the visible pixels that are light, and of all pixels that are see-through, for a second ground. */
const ENOUGH_LIGHT = 0.02;
const ENOUGH_CLEAR = 0.02;

/**
 * The grounds to read an image over: white, and black too where light letters may stand on transparency, which
 * vanish over white.
 */
export function groundsOf({ data, width, height, alpha }: TransparentImage): RgbImage[] {
  const overWhite = { data, width, height };
  if (!alpha) return [overWhite];
  let clear = 0;
  let visible = 0;
  let light = 0;
  for (let i = 0, p = 0; i < alpha.length; i++, p += 3) {
    if (alpha[i]! < 128) {
      clear++;
      continue;
    }
    visible++;
    if (Math.min(data[p]!, data[p + 1]!, data[p + 2]!) > LIGHT) light++;
  }
  const matters = clear > ENOUGH_CLEAR * alpha.length && light > ENOUGH_LIGHT * visible;
  return matters ? [overWhite, { data: overBlack(data, alpha), width, height }] : [overWhite];
}

/** White shines through by 255 − alpha in each channel; without it the ground is black. */
function overBlack(overWhite: Uint8Array, alpha: Uint8Array): Uint8Array {
  const out = new Uint8Array(overWhite.length);
  for (let i = 0, p = 0; i < alpha.length; i++) {
    const white = 255 - alpha[i]!;
    for (let c = 0; c < 3; c++, p++) out[p] = Math.max(0, overWhite[p]! - white);
  }
  return out;
}
