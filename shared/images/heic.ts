import { createRequire } from 'node:module';
import { SemblanceError } from '../errors.ts';
import { isGreyOfLimitedRange, widenRange } from './heif-boxes.ts';
import { rejectionOfHeif } from './heif-errors.ts';
import { alphaOf, overWhite } from './over-white.ts';
import { corruptImage, HEADER, PIXELS } from './rejections.ts';
import type { RgbImage } from './resize.ts';

/** The part of libheif's JavaScript binding that is used; the package has no types of it. */
type LibHeif = {
  heif_context_alloc(): object;
  heif_context_free(context: object): void;
  heif_context_read_from_memory(context: object, bytes: Uint8Array): Failure;
  heif_js_context_get_primary_image_handle(context: object): object | Failure;
  heif_image_handle_get_width(handle: object): number;
  heif_image_handle_get_height(handle: object): number;
  heif_image_handle_has_alpha_channel(handle: object): number;
  heif_image_handle_release(handle: object): void;
  heif_js_decode_image2(handle: object, space: object, chroma: object): Decoded | Failure;
  heif_image_release(image: object): void;
  readonly heif_error_code: { readonly heif_error_Ok: Enum };
  readonly heif_colorspace: { readonly heif_colorspace_RGB: object };
  readonly heif_chroma: {
    readonly heif_chroma_interleaved_RGB: object;
    readonly heif_chroma_interleaved_RGBA: object;
  };
  readonly HEAPU8: Uint8Array;
};
type Enum = { readonly value: number };
type Failure = { readonly code: Enum; readonly subcode?: Enum; readonly message?: string };
/** The image over white, and its alpha as in DecodedImage. */
type Size = { readonly width: number; readonly height: number };
type Prepare = (size: Size) => Promise<number>;
/** Size of the whole image, and its pixels, whole or reduced. */
type DecodedHeic = Size & { readonly rgb: RgbImage; readonly alpha: Uint8Array | null };
type Plane = { stride: number; width: number; height: number; data: Uint8Array };
type Decoded = { readonly image: object; readonly channels: readonly Plane[] };

const require = createRequire(import.meta.url);
/** WebAssembly memory never shrinks: an instance that grew past this is dropped. 12 megapixels take 90 MB. */
const LARGEST_KEPT_HEAP = 256 * 2 ** 20;
let kept: LibHeif | undefined;

type OpenLibHeif = (module: { readonly print: () => void; readonly printErr: () => void }) => LibHeif;

const instance = (): LibHeif => {
  const open: OpenLibHeif = require('libheif-js/libheif-wasm/libheif-bundle.js');
  // Its messages about damaged files would appear in the terminal; the error already says it.
  kept ??= open({ print: () => {}, printErr: () => {} });
  return kept;
};

/**
 * Decodes HEIC, which sharp's libvips can't (no HEVC), by libheif in WebAssembly. Holds up the thread: 0.5 s for
 * 12 megapixels. Rotation and mirroring are in the container and done by libheif; EXIF's orientation doesn't
 * count (ISO/IEC 23008-12 §6.5.10).
 * @param prepare waits until an image of this size may be decoded, and says to which part of its edges (1 ÷ a whole
 *   number) it may be reduced; or throws where it may not be decoded
 * @throws image_corrupt, image_unsupported
 */
export async function decodeHeic(bytes: Uint8Array, prepare: Prepare): Promise<DecodedHeic> {
  const heif = instance();
  try {
    const decoded = await decodePrimary(heif, bytes, prepare);
    if (isGreyOfLimitedRange(bytes)) widenRange(decoded.rgb.data);
    return decoded;
  } catch (error) {
    kept = undefined; // a trap leaves the instance in an unknown state
    if (error instanceof SemblanceError) throw error;
    throw corruptImage('heic', PIXELS, error);
  } finally {
    if (heif.HEAPU8.length > LARGEST_KEPT_HEAP) {
      kept = undefined;
      // Frees half a gigabyte before the words are read, in processes that expose the garbage collector.
      setImmediate(() => globalThis.gc?.());
    }
  }
}

async function decodePrimary(heif: LibHeif, bytes: Uint8Array, prepare: Prepare): Promise<DecodedHeic> {
  const context = heif.heif_context_alloc();
  try {
    const read = heif.heif_context_read_from_memory(context, bytes);
    if (read.code !== heif.heif_error_code.heif_error_Ok) throw rejected(read, HEADER);
    const handle = heif.heif_js_context_get_primary_image_handle(context);
    if ('code' in handle) throw rejected(handle, HEADER);
    try {
      const width = heif.heif_image_handle_get_width(handle);
      const part = await prepare({ width, height: heif.heif_image_handle_get_height(handle) });
      return decodeHandle(heif, handle, part);
    } finally {
      heif.heif_image_handle_release(handle);
    }
  } finally {
    heif.heif_context_free(context);
  }
}

function decodeHandle(heif: LibHeif, handle: object, part: number): DecodedHeic {
  const hasAlpha = heif.heif_image_handle_has_alpha_channel(handle) !== 0;
  const { heif_chroma_interleaved_RGB, heif_chroma_interleaved_RGBA } = heif.heif_chroma;
  const decoded = heif.heif_js_decode_image2(
    handle,
    heif.heif_colorspace.heif_colorspace_RGB,
    hasAlpha ? heif_chroma_interleaved_RGBA : heif_chroma_interleaved_RGB,
  );
  if ('code' in decoded) throw rejected(decoded, PIXELS);
  try {
    const plane = decoded.channels[0];
    if (!plane) throw corruptImage('heic', PIXELS);
    const { width, height } = plane;
    if (!hasAlpha && part > 1) return { width, height, rgb: averaged(plane, part), alpha: null };
    const channels = hasAlpha ? 4 : 3;
    const row = width * channels;
    const packed = new Uint8Array(row * height);
    for (let y = 0; y < height; y++) {
      packed.set(plane.data.subarray(y * plane.stride, y * plane.stride + row), y * row);
    }
    const rgb = { data: overWhite(packed, channels), width, height };
    return { width, height, rgb, alpha: alphaOf(packed, channels) };
  } finally {
    heif.heif_image_release(decoded.image);
  }
}

/** The mean of each square of `part` × `part` px of RGB, taken where libheif left it: a whole copy would be as large again. */
function averaged(plane: Plane, part: number): RgbImage {
  const width = Math.ceil(plane.width / part);
  const height = Math.ceil(plane.height / part);
  const data = new Uint8Array(width * height * 3);
  const sums = new Uint32Array(width * 3);
  for (let y = 0; y < height; y++) {
    const rows = Math.min(part, plane.height - y * part);
    sums.fill(0);
    for (let i = 0; i < rows; i++) {
      const row = (y * part + i) * plane.stride;
      for (let x = 0, p = row; x < plane.width; x++, p += 3) {
        const out = Math.floor(x / part) * 3;
        sums[out]! += plane.data[p]!;
        sums[out + 1]! += plane.data[p + 1]!;
        sums[out + 2]! += plane.data[p + 2]!;
      }
    }
    for (let x = 0; x < width; x++) {
      const count = rows * Math.min(part, plane.width - x * part);
      for (let c = 0; c < 3; c++) data[(y * width + x) * 3 + c] = Math.round(sums[x * 3 + c]! / count);
    }
  }
  return { data, width, height };
}

const rejected = ({ code, subcode, message = '' }: Failure, damage: string): SemblanceError =>
  rejectionOfHeif('heic', { code: code.value, subcode: subcode?.value ?? 0, message }, damage);
