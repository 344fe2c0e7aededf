import { createRequire } from 'node:module';
import { SemblanceError } from '../errors.ts';
import { corruptImage, PIXELS, unsupportedImage } from './rejections.ts';

/** The part of OpenJPEG's JavaScript binding that is used; the package has no types of it. */
type OpenJpeg = {
  readonly J2KDecoder: new () => Decoder;
  readonly HEAPU8: Uint8Array;
};
type Decoder = {
  getEncodedBuffer(length: number): Uint8Array;
  decodeSubResolution(level: number, layer: number): void;
  getFrameInfo(): { bitsPerSample: number; componentCount: number; isSigned: boolean };
  calculateSizeAtDecompositionLevel(level: number): { width: number; height: number };
  getDecodedBuffer(): Uint8Array;
  getColorSpace(): number;
  delete(): void;
};
type OpenOpenJpeg = (module: {
  readonly print: () => void;
  readonly printErr: () => void;
}) => Promise<OpenJpeg>;

const require = createRequire(import.meta.url);

/** WebAssembly memory never shrinks: an instance that grew past this is dropped. */
const LARGEST_KEPT_HEAP = 256 * 2 ** 20;
let kept: Promise<OpenJpeg> | undefined;

function instance(): Promise<OpenJpeg> {
  const open: OpenOpenJpeg = require('@cornerstonejs/codec-openjpeg/decodewasmjs');
  // Its messages about damaged files would appear in the terminal; the error already says it.
  kept ??= open({ print: () => {}, printErr: () => {} });
  return kept;
}

export type Jpeg2000Header = {
  readonly width: number;
  readonly height: number;
  /** How often the width and height can be halved on decoding. */
  readonly levels: number;
  readonly components: number;
};

/** Marker codes SOC and SIZ, with which every codestream begins (ISO/IEC 15444-1, Annex A). */
const CODESTREAM = Buffer.from([0xff, 0x4f, 0xff, 0x51]);
const COD = 0xff52;
const SOT = 0xff90;

/**
 * The header of a codestream, alone (.j2k) or in a JP2 file.
 * @throws image_corrupt
 */
export function readJpeg2000Header(bytes: Uint8Array): Jpeg2000Header {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const start = file.indexOf(CODESTREAM);
  if (start < 0 || start + 42 > file.length) throw corrupt('it has no codestream');
  const at = start + 4;
  const width = file.readUInt32BE(at + 4) - file.readUInt32BE(at + 12);
  const height = file.readUInt32BE(at + 8) - file.readUInt32BE(at + 16);
  if (width <= 0 || height <= 0) throw corrupt(`its size is ${width} × ${height}`);
  const components = file.readUInt16BE(at + 36);
  let levels = 0;
  for (let marker = at + file.readUInt16BE(at); marker + 10 < file.length; ) {
    const code = file.readUInt16BE(marker);
    if (code === COD) levels = file.readUInt8(marker + 9);
    if (code === COD || code === SOT || code < 0xff00) break;
    marker += 2 + file.readUInt16BE(marker + 2);
  }
  return { width, height, levels: Math.min(levels, 32), components };
}

/** The binding throws for other numbers, except for the four of CMYK, of which it makes RGB. */
const DECODED_COMPONENTS = new Set([1, 3]);

export type Jpeg2000 = {
  /** 1 to 4 samples a pixel, interleaved, 8 bits. */
  readonly data: Uint8Array;
  readonly width: number;
  readonly height: number;
  readonly channels: number;
};

/**
 * Decodes JPEG 2000, which sharp's libvips can't, by OpenJPEG in WebAssembly. Holds up the thread.
 * @param level how often width and height are halved, at most the header's `levels`
 * @throws image_corrupt, image_unsupported
 */
export async function decodeJpeg2000(bytes: Uint8Array, level: number): Promise<Jpeg2000> {
  const openJpeg = await instance();
  try {
    const decoder = new openJpeg.J2KDecoder();
    try {
      return decodeWith(decoder, bytes, level);
    } finally {
      decoder.delete();
    }
  } catch (error) {
    kept = undefined; // a trap leaves the instance in an unknown state
    if (error instanceof SemblanceError) throw error;
    const { components } = readJpeg2000Header(bytes);
    if (!DECODED_COMPONENTS.has(components))
      throw unsupportedImage('jp2', `with ${components} components`, error);
    throw corrupt(PIXELS, error);
  } finally {
    if (openJpeg.HEAPU8.length > LARGEST_KEPT_HEAP) kept = undefined;
  }
}

function decodeWith(decoder: Decoder, bytes: Uint8Array, level: number): Jpeg2000 {
  decoder.getEncodedBuffer(bytes.length).set(bytes);
  decoder.decodeSubResolution(level, 0);
  const { bitsPerSample: bits, componentCount: channels, isSigned } = decoder.getFrameInfo();
  const { width, height } = decoder.calculateSizeAtDecompositionLevel(level);
  const buffer = decoder.getDecodedBuffer();
  const samples = width * height * channels;
  if (samples === 0 || buffer.length < samples * (bits > 8 ? 2 : 1)) throw corrupt(PIXELS);
  const data = new Uint8Array(samples);
  const wide = bits > 8 ? new Uint16Array(buffer.slice(0, samples * 2).buffer) : buffer;
  const offset = isSigned ? 2 ** (bits - 1) : 0;
  const largest = 2 ** bits - 1;
  for (let i = 0; i < samples; i++) {
    const value = bits === 8 && offset === 0 ? wide[i]! : (((wide[i]! + offset) & largest) * 255) / largest;
    data[i] = Math.round(value);
  }
  if (decoder.getColorSpace() === SYCC && channels >= 3) toRgb(data, channels);
  return { data, width, height, channels };
}

/** OPJ_CLRSPC_SYCC. */
const SYCC = 3;

/** sYCC (IEC 61966-2-1, Annex F) to RGB, in place. */
function toRgb(data: Uint8Array, channels: number): void {
  const clamped = new Uint8ClampedArray(data.buffer);
  for (let i = 0; i + 2 < data.length; i += channels) {
    const [y, cb, cr] = [data[i]!, data[i + 1]! - 128, data[i + 2]! - 128];
    clamped[i] = y + 1.402 * cr;
    clamped[i + 1] = y - 0.344136 * cb - 0.714136 * cr;
    clamped[i + 2] = y + 1.772 * cb;
  }
}

const corrupt = (words: string, cause?: unknown) => corruptImage('jp2', words, cause);
