import sharp, { type Metadata } from 'sharp';
import type { ImageFormat } from '../catalog/formats.ts';
import { type ErrorCode, SemblanceError } from '../errors.ts';
import { relevantProfile } from './colour-profile.ts';
import { type Admit, assertPixels, type DecodeLimits, reducedSize, weigh } from './decode-limits.ts';
import type { DecodedImage } from './decoded-image.ts';
import { asStill, isGreyOfLimitedRange, widenRange } from './heif-boxes.ts';
import { hasCoarseImage } from './jpeg-markers.ts';
import { alphaOf, cmykToRgb, overWhite } from './over-white.ts';
import { isQuarterTurned, upright } from './upright.ts';

/**
 * Decodes what sharp's libvips can. A damaged file is decoded as far as it goes where at least half of its rows are
 * there, as browsers show it.
 * @param orientation EXIF's, where the image itself says none
 * @throws image_corrupt, image_unsupported, image_too_many_pixels, image_unreadable
 */
export async function decodeWithSharp(
  bytes: Uint8Array,
  format: ImageFormat,
  limits: DecodeLimits,
  admit: Admit,
  orientation = 1,
): Promise<Omit<DecodedImage, 'format'>> {
  try {
    return await decode(format === 'avif' ? asStill(bytes) : bytes, format, limits, admit, orientation);
  } catch (error) {
    throw readableError(error);
  }
}

async function decode(
  bytes: Uint8Array,
  format: ImageFormat,
  limits: DecodeLimits,
  admit: Admit,
  otherwise: number,
): Promise<Omit<DecodedImage, 'format'>> {
  // A damaged text or date behind the pixels is no reason to reject an image that browsers show.
  const header = await sharp(bytes, { limitInputPixels: false, failOn: 'none' }).metadata();
  const { width, height, orientation = otherwise } = header;
  assertPixels(header, limits);
  const reduced = reducedSize(header, format, limits);
  await weigh(admit, header, format, reduced ?? header);
  const isCmyk = header.space === 'cmyk';
  const { data, info, damaged } = await samplesOf(bytes, format, header, limits, reduced);
  const stored = { width: info.width, height: info.height };
  const rgb = { ...stored, data: isCmyk ? cmykToRgb(data) : overWhite(data, info.channels) };
  if (format === 'avif' && isGreyOfLimitedRange(bytes)) widenRange(rgb.data);
  const alpha = isCmyk ? null : alphaOf(data, info.channels);
  const turned = isQuarterTurned(orientation);
  return {
    width: turned ? height : width,
    height: turned ? width : height,
    rgb: upright(rgb, orientation, 3),
    alpha: alpha && upright({ ...stored, data: alpha }, orientation, 1).data,
    profile: relevantProfile(header.icc),
    damaged,
  };
}

type Size = { readonly width: number; readonly height: number };

/** 8-bit samples, of a damaged file those that are there: the rest is grey, black or see-through. */
async function samplesOf(
  bytes: Uint8Array,
  format: ImageFormat,
  header: Metadata,
  limits: DecodeLimits,
  reduced: Size | undefined,
) {
  const open = (failOn: 'error' | 'none') => {
    const pipeline = sharp(bytes, { ignoreIcc: true, failOn, limitInputPixels: limits.maxPixels });
    const isCmyk = header.space === 'cmyk';
    if (isCmyk) pipeline.pipelineColourspace('cmyk');
    return pipeline.toColourspace(isCmyk ? 'cmyk' : 'srgb').raw();
  };
  const read = (failOn: 'error' | 'none') => {
    const pipeline = open(failOn);
    if (reduced) pipeline.resize({ ...reduced, fit: 'fill', kernel: 'cubic' });
    return pipeline.toBuffer({ resolveWithObject: true });
  };
  try {
    return { ...(await read('error')), damaged: false };
  } catch (error) {
    if (!isDamage(error) || !MAY_BE_DAMAGED.has(format)) throw error;
    const half = { left: 0, top: 0, width: header.width, height: Math.ceil(header.height / 2) };
    const showsHalf =
      format === 'gif'
        ? async () => {
            const { data, info } = await open('none').toBuffer({ resolveWithObject: true });
            return rowsShown(data, info) >= half.height;
          }
        : header.isProgressive
          ? async () => hasCoarseImage(bytes)
          : async () => (await open('error').extract(half).toBuffer()).length > 0;
    if (!(await showsHalf().catch(() => false))) throw error;
    return { ...(await read('none')), damaged: true };
  }
}

/** Rows of a GIF in which anything is shown: what a frame lacks stays see-through. */
function rowsShown(
  samples: Uint8Array,
  { width, height, channels }: { readonly width: number; readonly height: number; readonly channels: number },
): number {
  if (channels !== 2 && channels !== 4) return height;
  let rows = 0;
  for (let y = 0; y < height; y++) {
    const end = (y + 1) * width * channels;
    let at = y * width * channels + channels - 1;
    while (at < end && samples[at] === 0) at += channels;
    if (at < end) rows++;
  }
  return rows;
}

/** Formats whose rows are stored one after the other, or in passes that each show the whole. */
const MAY_BE_DAMAGED: ReadonlySet<ImageFormat> = new Set(['jpeg', 'png', 'gif', 'tiff']);

/** libvips has words only, no codes. Whatever isn't one of these is damage. */
const REASONS: readonly (readonly [RegExp, ErrorCode])[] = [
  // The first bytes were those of a supported format.
  [/unsupported image format/, 'image_corrupt'],
  [/unsupported|not supported|not been built in|not implemented|unimplemented/i, 'image_unsupported'],
  [/pixel limit|exceeds|too (?:large|big)/i, 'image_too_many_pixels'],
  [/out of memory|memory allocation|unable to allocate/i, 'image_unreadable'],
];

const reasonOf = (words: string): ErrorCode =>
  REASONS.find(([pattern]) => pattern.test(words))?.[1] ?? 'image_corrupt';

const isDamage = (error: unknown): boolean =>
  error instanceof Error && !(error instanceof SemblanceError) && reasonOf(error.message) === 'image_corrupt';

function readableError(error: unknown): unknown {
  if (error instanceof SemblanceError || !(error instanceof Error)) return error;
  const [first = ''] = error.message.split('\n');
  const known = first !== '' && !/unknown error/i.test(first);
  const words = known ? first.replace(/[\s:.]+$/, '') : 'it could not be decoded';
  return new SemblanceError(reasonOf(error.message), `libvips: ${words}`, { cause: error });
}
