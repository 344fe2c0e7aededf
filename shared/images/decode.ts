import sharp from 'sharp';
import type { ImageFormat } from '../catalog/formats.ts';
import { hasCode } from '../errors.ts';
import { decodeBmp, readBmpHeader } from './bmp.ts';
import { embeddedPreviews, endsEarly } from './camera-raw.ts';
import { heicProfile, relevantProfile } from './colour-profile.ts';
import { type Admit, assertPixels, type DecodeLimits, reducedSize, weigh } from './decode-limits.ts';
import { decodeWithSharp } from './decode-with-sharp.ts';
import type { DecodedImage } from './decoded-image.ts';
import { decodeHeic } from './heic.ts';
import { asStill, declaredSize } from './heif-boxes.ts';
import { decodeJpeg2000, readJpeg2000Header } from './jpeg2000.ts';
import { alphaOf, overWhite } from './over-white.ts';
import { corruptImage, unsupportedImage } from './rejections.ts';
import { sniffFormat } from './sniff.ts';

// Images come once, so libvips's cache only takes memory; parallelism comes from processes.
sharp.cache(false);
sharp.concurrency(1);

/** What an image is decoded with: see DecodeLimits and Admit. */
type Decode = (
  bytes: Uint8Array,
  limits: DecodeLimits,
  admit: Admit,
) => Promise<Omit<DecodedImage, 'format'>>;

/**
 * Decodes an image (the first frame of an animation). Photographs in JPEG and WebP above 2.5 megapixels are
 * shrunk by their decoder, which saves two thirds of the time; all other formats above 16 megapixels are
 * reduced row by row, which bounds memory. Up to there the pixels are exactly PIL's.
 * @param admit waits until an image may be decoded that takes so many bytes; not called for small ones
 * @throws image_empty, not_an_image, image_unsupported, image_corrupt, image_too_many_pixels
 */
export async function decodeImage(
  bytes: Uint8Array,
  limits: DecodeLimits,
  admit: Admit = async () => {},
): Promise<DecodedImage> {
  const format = sniffFormat(bytes);
  const decode = DECODERS[format] ?? withSharp(format);
  return { format, ...(await decode(bytes, limits, admit)) };
}

const withSharp =
  (format: ImageFormat): Decode =>
  (bytes, limits, admit) =>
    decodeWithSharp(bytes, format, limits, admit);

const DECODERS: { readonly [Format in ImageFormat]?: Decode } = {
  async heic(bytes, limits, admit) {
    assertDeclaredPixels(bytes, limits);
    const decoded = await decodeHeic(bytes, async size => {
      assertPixels(size, limits);
      const wanted = reducedSize(size, 'heic', limits) ?? size;
      await weigh(admit, size, 'heic', wanted);
      return Math.max(1, Math.floor(size.width / wanted.width));
    });
    return { ...decoded, profile: relevantProfile(heicProfile(bytes)), damaged: false };
  },

  async avif(bytes, limits, admit) {
    assertDeclaredPixels(bytes, limits);
    return await decodeWithSharp(asStill(bytes), 'avif', limits, admit);
  },

  async bmp(bytes, limits, admit) {
    const header = readBmpHeader(bytes);
    assertPixels(header, limits);
    await weigh(admit, header, 'bmp', header);
    const bmp = decodeBmp(bytes, header);
    if (bmp.rows * 2 < bmp.height)
      throw corruptImage('bmp', `of its ${bmp.height} rows ${bmp.rows} are there`);
    return { ...(await reduced(bmp, header, 'bmp', limits)), damaged: bmp.rows < bmp.height };
  },

  async jp2(bytes, limits, admit) {
    const header = readJpeg2000Header(bytes);
    assertPixels(header, limits);
    const wanted = reducedSize(header, 'jp2', limits) ?? header;
    const level = Math.min(header.levels, Math.floor(Math.log2(header.width / wanted.width)));
    await weigh(admit, { width: header.width >> level, height: header.height >> level }, 'jp2', wanted);
    return { ...(await reduced(await decodeJpeg2000(bytes, level), header, 'jp2', limits)), damaged: false };
  },

  async raw(bytes, limits, admit) {
    const previews = embeddedPreviews(bytes).slice(0, MOST_PREVIEWS);
    /** Why the largest was rejected. */
    let reason: unknown;
    for (const { jpeg, orientation } of previews) {
      try {
        return await decodeWithSharp(jpeg, 'jpeg', limits, admit, orientation);
      } catch (error) {
        reason ??= error;
      }
    }
    if (hasCode(reason, 'image_corrupt')) throw corruptImage('raw', 'its preview is damaged', reason);
    if (reason) throw reason;
    throw endsEarly(bytes)
      ? corruptImage('raw', 'it ends before its preview')
      : unsupportedImage('raw', 'without a preview');
  },
};

/** Of HEIC and AVIF, before a library rejects what is too large in words of its own. */
function assertDeclaredPixels(bytes: Uint8Array, limits: DecodeLimits): void {
  const declared = declaredSize(bytes);
  if (declared) assertPixels(declared, limits);
}

/** Of the previews in a camera raw the largest are tried, where one is damaged. */
const MOST_PREVIEWS = 3;

type Samples = {
  readonly data: Uint8Array;
  readonly width: number;
  readonly height: number;
  readonly channels: number;
};

/** What a decoder of our own gave, reduced as sharp does it where it is large. */
async function reduced(
  samples: Samples,
  whole: { readonly width: number; readonly height: number },
  format: ImageFormat,
  limits: DecodeLimits,
): Promise<Omit<DecodedImage, 'format' | 'damaged'>> {
  const wanted = reducedSize(whole, format, limits);
  const { data, width, height, channels } =
    wanted && wanted.width < samples.width ? await resized(samples, wanted) : samples;
  return {
    width: whole.width,
    height: whole.height,
    rgb: { data: overWhite(data, channels), width, height },
    alpha: alphaOf(data, channels),
    profile: null,
  };
}

async function resized(
  { data, width, height, channels }: Samples,
  wanted: { readonly width: number; readonly height: number },
): Promise<Samples> {
  const raw = { width, height, channels: channels as 1 | 2 | 3 | 4 };
  const out = await sharp(data, { raw, limitInputPixels: false })
    .resize({ ...wanted, fit: 'fill', kernel: 'cubic' })
    .raw()
    .toBuffer({ resolveWithObject: true });
  return { data: out.data, ...out.info };
}
