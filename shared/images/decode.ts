import sharp from 'sharp';
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

/** s of one libvips operation, from when it starts. */
export const NATIVE_TIME_LIMIT = 8;

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

/**
 * Decodes an image (the first frame of an animation). Photographs in JPEG and WebP above 2.5 megapixels are
 * shrunk by their decoder, which saves two thirds of the time; all other formats above 16 megapixels are
 * reduced row by row, which bounds memory. Up to there the pixels are exactly PIL's.
 * @throws image_empty, image_unsupported, image_corrupt, image_too_many_pixels, image_timeout
 */
export async function decodeImage(bytes: Uint8Array, limits: DecodeLimits): Promise<DecodedImage> {
  const format = sniffFormat(bytes);
  if (format === 'heic') {
    const { rgb, alpha } = decodeHeic(bytes, limits.maxPixels);
    const profile = relevantProfile(heicProfile(bytes));
    return { format, width: rgb.width, height: rgb.height, rgb, alpha, profile };
  }
  try {
    return await decodeBySharp(bytes, format, limits);
  } catch (error) {
    throw readableError(error);
  }
}

async function decodeBySharp(
  bytes: Uint8Array,
  format: ImageFormat,
  limits: DecodeLimits,
): Promise<DecodedImage> {
  const header = await sharp(bytes, { limitInputPixels: false }).metadata();
  const { width, height, orientation = 1 } = header;
  if (width * height > limits.maxPixels) {
    throw new SemblanceError(
      'image_too_many_pixels',
      `${width} × ${height}, more than ${limits.maxPixels} pixels.`,
    );
  }
  const isCmyk = header.space === 'cmyk';
  const pipeline = sharp(bytes, { ignoreIcc: true, failOn: 'error', limitInputPixels: limits.maxPixels })
    .timeout({ seconds: NATIVE_TIME_LIMIT })
    .toColourspace(isCmyk ? 'cmyk' : 'srgb');
  if (isCmyk) pipeline.pipelineColourspace('cmyk');
  const reduced = reducedSize(width, height, format, limits);
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
  const code = words.startsWith('timeout') ? 'image_timeout' : 'image_corrupt';
  return new SemblanceError(code, `libvips: ${words}`, { cause: error });
}
