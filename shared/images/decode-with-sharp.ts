import sharp, { type Metadata } from 'sharp';
import type { ImageFormat } from '../catalog/formats.ts';
import { SemblanceError } from '../errors.ts';
import { relevantProfile } from './colour-profile.ts';
import { type Admit, assertPixels, type DecodeLimits, reducedSize, weigh } from './decode-limits.ts';
import type { DecodedImage } from './decoded-image.ts';
import { isGreyOfLimitedRange, widenRange } from './heif-boxes.ts';
import { rejectionOfHeif } from './heif-errors.ts';
import { hasCoarseImage } from './jpeg-markers.ts';
import { alphaOf, cmykToRgb, overWhite } from './over-white.ts';
import { corruptImage, HEADER, noMemory, PIXELS, unsupportedImage } from './rejections.ts';
import { unsupportedFeature } from './unsupported-features.ts';
import { isQuarterTurned, upright } from './upright.ts';

/**
 * Decodes what sharp's libvips can. A damaged file is decoded as far as it goes where at least half of its rows are
 * there, as browsers show it.
 * @param otherwise EXIF's orientation, where the image itself says none
 * @throws image_corrupt, image_unsupported, image_too_many_pixels, image_unreadable
 */
export async function decodeWithSharp(
  bytes: Uint8Array,
  format: ImageFormat,
  limits: DecodeLimits,
  admit: Admit,
  otherwise = 1,
): Promise<Omit<DecodedImage, 'format'>> {
  const reject = (damage: string) => (error: unknown) => {
    throw rejection(error, bytes, format, damage);
  };
  // A damaged text or date behind the pixels is no reason to reject an image that browsers show.
  const header = await sharp(bytes, { limitInputPixels: false, failOn: 'none' })
    .metadata()
    .catch(reject(HEADER));
  const { width, height, orientation = otherwise } = header;
  assertPixels(header, limits);
  const reduced = reducedSize(header, format, limits);
  await weigh(admit, header, format, reduced ?? header);
  const isCmyk = header.space === 'cmyk';
  const { data, info, damaged } = await samplesOf(bytes, format, header, limits, reduced).catch(
    reject(PIXELS),
  );
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
    if (isNoMemory(error) || !MAY_BE_DAMAGED.has(format)) throw error;
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

/** Of libheif, whose errors libvips prints with their codes; of the libraries for the other formats. */
const HEIF_CODES = /\((\d+)\.(\d+)\)/;
const NO_MEMORY = /out of memory|insufficient memory|unable to allocate/i;

const isNoMemory = (error: unknown): boolean => error instanceof Error && NO_MEMORY.test(error.message);

/** @param damage what is damaged, where it is damage */
function rejection(error: unknown, bytes: Uint8Array, format: ImageFormat, damage: string): unknown {
  if (error instanceof SemblanceError || !(error instanceof Error)) return error;
  if (isNoMemory(error)) return noMemory(error);
  if (format === 'avif') {
    const [, code, subcode] = HEIF_CODES.exec(error.message) ?? [];
    const { message } = error;
    return rejectionOfHeif(
      format,
      { code: Number(code ?? 0), subcode: Number(subcode ?? 0), message },
      damage,
      error,
    );
  }
  const feature = unsupportedFeature(bytes, format);
  return feature ? unsupportedImage(format, feature, error) : corruptImage(format, damage, error);
}
