import type { ImageFormat } from '../catalog/formats.ts';
import { SemblanceError } from '../errors.ts';

export type DecodeLimits = {
  /** Rejected from the header when there are more; also what bounds memory. */
  readonly maxPixels: number;
  /** A large image may come smaller, but with at least these edges (px) and pixels in all. */
  readonly short: number;
  readonly long: number;
  readonly pixels: number;
};

/** Resolves when an image may be decoded that takes so many bytes of memory. */
export type Admit = (bytes: number) => Promise<void>;

type Size = { readonly width: number; readonly height: number };

/** @throws image_too_many_pixels */
export function assertPixels({ width, height }: Size, { maxPixels }: DecodeLimits): void {
  if (width * height <= maxPixels) return;
  throw new SemblanceError('image_too_many_pixels', `${width} × ${height}, more than ${maxPixels} pixels.`, {
    parameters: { width, height, max_pixels: maxPixels },
  });
}

/** Pixels above which a smaller version is decoded: where the decoder can shrink on its own, and elsewhere. */
const LARGE_PHOTOGRAPH = 2_500_000;
const LARGE = 16_000_000;

/** The size that an image is reduced to on decoding; undefined: it is decoded whole. */
export function reducedSize(
  { width, height }: Size,
  format: ImageFormat,
  limits: DecodeLimits,
): Size | undefined {
  const shrinksOnLoad = format === 'jpeg' || format === 'webp';
  if (width * height <= (shrinksOnLoad ? LARGE_PHOTOGRAPH : LARGE)) return undefined;
  const scale = Math.max(
    limits.short / Math.min(width, height),
    limits.long / Math.max(width, height),
    Math.sqrt(limits.pixels / (width * height)),
  );
  if (scale >= 1) return undefined;
  return { width: Math.ceil(width * scale), height: Math.ceil(height * scale) };
}

/** Bytes a pixel of what comes out: its samples, their copy as RGB over white, and that turned upright. */
const OUT_BYTES = 10;

/** Bytes a pixel of the whole image, where its decoder holds all of it. */
const HELD_BYTES: Partial<Record<ImageFormat, number>> = {
  gif: 8,
  webp: 4,
  avif: 12,
  tiff: 4,
  heic: 8,
  bmp: 4,
  jp2: 20,
};
const PROGRESSIVE_BYTES: Partial<Record<ImageFormat, number>> = { jpeg: 6, png: 8 };

/** Images that take less memory start without a reservation. */
const SMALL_BYTES = 64e6;

/** Waits until there is memory to decode an image of this size, of which `out` is what comes out. */
export async function weigh(
  admit: Admit,
  whole: Size & { readonly isProgressive?: boolean },
  format: ImageFormat,
  out: Size,
): Promise<void> {
  const held = HELD_BYTES[format] ?? (whole.isProgressive ? PROGRESSIVE_BYTES[format] : 0) ?? 0;
  const bytes = whole.width * whole.height * held + out.width * out.height * OUT_BYTES;
  if (bytes > SMALL_BYTES) await admit(bytes);
}
