/**
 * Decoded samples to RGB by PIL's arithmetic, which is what models were trained on: libvips truncates where
 * PIL rounds, and takes CMYK through a profile.
 */

/** PIL's MULDIV255: a × b ÷ 255, rounded (Pillow, src/libImaging/ImagingUtils.h). */
const multiply255 = (a: number, b: number): number => {
  const t = a * b + 128;
  return ((t >> 8) + t) >> 8;
};

/**
 * Grey, grey + alpha, RGB or RGBA (8 bits, alpha not premultiplied), as RGB over white.
 * @param samples Uint8Array[pixels × channels]; returned as it is when it is RGB already
 * @returns Uint8Array[pixels × 3]
 */
export function overWhite(samples: Uint8Array, channels: number): Uint8Array {
  if (channels === 3) return samples;
  const pixels = samples.length / channels;
  const out = new Uint8Array(pixels * 3);
  const hasAlpha = channels === 2 || channels === 4;
  const isGrey = channels < 3;
  for (let i = 0, p = 0, o = 0; i < pixels; i++, p += channels, o += 3) {
    const alpha = hasAlpha ? samples[p + channels - 1]! : 255;
    const r = samples[p]!;
    const g = isGrey ? r : samples[p + 1]!;
    const b = isGrey ? r : samples[p + 2]!;
    if (alpha === 255) {
      out[o] = r;
      out[o + 1] = g;
      out[o + 2] = b;
    } else {
      const white = 255 * (255 - alpha) + 128;
      out[o] = divide255(r * alpha + white);
      out[o + 1] = divide255(g * alpha + white);
      out[o + 2] = divide255(b * alpha + white);
    }
  }
  return out;
}

/**
 * The alpha channel alone.
 * @returns Uint8Array[pixels], 255 = opaque; null where every pixel is opaque
 */
export function alphaOf(samples: Uint8Array, channels: number): Uint8Array | null {
  if (channels === 1 || channels === 3) return null;
  const alpha = new Uint8Array(samples.length / channels);
  let transparent = false;
  for (let i = 0, p = channels - 1; i < alpha.length; i++, p += channels) {
    alpha[i] = samples[p]!;
    if (alpha[i] !== 255) transparent = true;
  }
  return transparent ? alpha : null;
}

/** t ÷ 255, rounded, where 128 was added to t already. */
const divide255 = (t: number): number => ((t >> 8) + t) >> 8;

/**
 * CMYK (0 = no ink) as RGB: (255 − C)(255 − K) ÷ 255, no profile (Pillow, src/libImaging/Convert.c).
 * @returns Uint8Array[pixels × 3]
 */
export function cmykToRgb(samples: Uint8Array): Uint8Array {
  const pixels = samples.length / 4;
  const out = new Uint8Array(pixels * 3);
  for (let i = 0, p = 0, o = 0; i < pixels; i++, p += 4, o += 3) {
    const light = 255 - samples[p + 3]!;
    for (let c = 0; c < 3; c++) out[o + c] = Math.max(0, light - multiply255(samples[p + c]!, light));
  }
  return out;
}
