import sharp, { type Metadata } from 'sharp';
import type { ImageFormat } from '../catalog/formats.ts';
import { SemblanceError } from '../errors.ts';
import { heicProfile, relevantProfile } from './colour-profile.ts';
import { decodeHeic } from './heic.ts';
import { alphaOf, cmykToRgb, overWhite } from './over-white.ts';
import type { RgbImage } from './resize.ts';
import { sniffFormat } from './sniff.ts';
import { isQuarterTurned, upright } from './upright.ts';

// Images come once, so libvips's cache only takes memory; parallelism comes from workers.
sharp.cache(false);
sharp.concurrency(1);

export type DecodeLimits = {
  /** Rejected from the header when there are more; also what bounds memory. */
  readonly maxPixels: number;
  /** A large image may come smaller, but with at least these edges (px) and pixels in all. */
  readonly short: number;
  readonly long: number;
  readonly pixels: number;
};

export type DecodedImage = {
  readonly format: ImageFormat;
  /** px, upright, of the whole image. */
  readonly width: number;
  readonly height: number;
  /** The same image, whole or reduced: upright, over white, no ICC profile applied. */
  readonly rgb: RgbImage;
  /** Uint8Array[pixels of rgb], 255 = opaque: what was laid over white; null where every pixel is opaque. */
  readonly alpha: Uint8Array | null;
  /** What the levels mean, where that is not sRGB. */
  readonly profile: Uint8Array | null;
};

/** Pixels above which a smaller version is decoded: where the decoder can shrink on its own, and elsewhere. */
const LARGE_PHOTOGRAPH = 2_500_000;
const LARGE = 16_000_000;

/** Resolves when an image may be decoded that takes so many bytes. */
type Admit = (bytes: number) => Promise<void>;

/** Images that take less are let in unasked. */
const SMALL_BYTES = 64e6;

/** Bytes a pixel: of what comes out; of HEIC in all; and of the whole image where its decoder keeps all of it. */
const OUT_BYTES = 10;
const HEIC_BYTES = 12;
const HELD_BYTES: Partial<Record<ImageFormat, number>> = { gif: 8, webp: 4, avif: 12, tiff: 4 };
const PROGRESSIVE_BYTES: Partial<Record<ImageFormat, number>> = { jpeg: 6, png: 8 };

/**
 * Decodes an image (the first frame of an animation). Photographs in JPEG and WebP above 2.5 megapixels are
 * shrunk by their decoder, which saves two thirds of the time; all other formats above 16 megapixels are
 * reduced row by row, which bounds memory. Up to there the pixels are exactly PIL's.
 * @param admit waits until an image may be decoded that takes so many bytes; not asked of small ones
 * @throws image_empty, image_unsupported, image_corrupt, image_too_many_pixels
 */
export async function decodeImage(
  bytes: Uint8Array,
  limits: DecodeLimits,
  admit: Admit = async () => {},
): Promise<DecodedImage> {
  const format = sniffFormat(bytes);
  const weigh: Admit = async weight => {
    if (weight > SMALL_BYTES) await admit(weight);
  };
  if (format === 'heic') {
    const { rgb, alpha } = await decodeHeic(bytes, limits.maxPixels, pixels => weigh(pixels * HEIC_BYTES));
    const profile = relevantProfile(heicProfile(bytes));
    return { format, width: rgb.width, height: rgb.height, rgb, alpha, profile };
  }
  try {
    return await decodeBySharp(bytes, format, limits, weigh);
  } catch (error) {
    throw readableError(error);
  }
}

async function decodeBySharp(
  bytes: Uint8Array,
  format: ImageFormat,
  limits: DecodeLimits,
  weigh: Admit,
): Promise<DecodedImage> {
  const header = await sharp(bytes, { limitInputPixels: false }).metadata();
  const { width, height, orientation = 1 } = header;
  if (width * height > limits.maxPixels) {
    throw new SemblanceError(
      'image_too_many_pixels',
      `${width} × ${height}, more than ${limits.maxPixels} pixels.`,
    );
  }
  const reduced = reducedSize(width, height, format, limits);
  await weigh(bytesToDecode(header, format, reduced ?? header));
  const isCmyk = header.space === 'cmyk';
  const pipeline = sharp(bytes, {
    ignoreIcc: true,
    failOn: 'error',
    limitInputPixels: limits.maxPixels,
  }).toColourspace(isCmyk ? 'cmyk' : 'srgb');
  if (isCmyk) pipeline.pipelineColourspace('cmyk');
  if (reduced) pipeline.resize({ ...reduced, fit: 'fill', kernel: 'cubic' });
  const { data, info } = await pipeline.raw().toBuffer({ resolveWithObject: true });
  const stored = { width: info.width, height: info.height };
  const rgb = { ...stored, data: isCmyk ? cmykToRgb(data) : overWhite(data, info.channels) };
  const alpha = isCmyk ? null : alphaOf(data, info.channels);
  const turned = isQuarterTurned(orientation);
  return {
    format,
    width: turned ? height : width,
    height: turned ? width : height,
    rgb: upright(rgb, orientation, 3),
    alpha: alpha && upright({ ...stored, data: alpha }, orientation, 1).data,
    profile: relevantProfile(header.icc),
  };
}

/**
 * Bytes that decoding takes at its peak, roughly: what is held of the whole image, and of what comes out of it the
 * samples, their copy as RGB over white, and that turned upright.
 */
function bytesToDecode(
  { width, height, isProgressive = false }: Metadata,
  format: ImageFormat,
  out: { readonly width: number; readonly height: number },
): number {
  const held = isProgressive ? PROGRESSIVE_BYTES[format] : HELD_BYTES[format];
  return width * height * (held ?? 0) + out.width * out.height * OUT_BYTES;
}

function reducedSize(width: number, height: number, format: ImageFormat, limits: DecodeLimits) {
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

function readableError(error: unknown): unknown {
  if (error instanceof SemblanceError || !(error instanceof Error)) return error;
  const words = error.message.split('\n')[0] ?? '';
  return new SemblanceError('image_corrupt', `libvips: ${words}`, { cause: error });
}
