import type { ImageEncoder } from '../../shared/models/encoder.ts';

/** Encodes an image to its three mean levels, at unit length: enough to see that pixels arrived. */
export const standInEncoder: ImageEncoder = {
  model: {
    name: 'stand-in',
    fingerprint: '000000000000',
    dimension: 3,
    languages: ['en'],
    demo: true,
    input: { edge: 32, fit: 'crop', resample: 'bicubic' },
  },
  async encodePixels(pixels) {
    const sums = [0, 0, 0];
    for (const [i, level] of pixels.entries()) sums[i % 3] = (sums[i % 3] ?? 0) + level;
    const length = Math.hypot(...sums);
    return Float32Array.from(sums, sum => sum / length);
  },
};
