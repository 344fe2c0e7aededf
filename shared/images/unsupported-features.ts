import type { ImageFormat } from '../catalog/formats.ts';
import { readJpegHeader } from './jpeg-markers.ts';
import { readTiff } from './tiff.ts';

/**
 * A feature that a file itself names and sharp's libvips can't read, such as `with 12 bits a sample`; null where it
 * names none. For files whose decoding failed: libvips has words only, no codes, and the same words for damage.
 * The other formats that libvips reads have no such feature, except AVIF, see heif-errors.ts.
 */
export function unsupportedFeature(bytes: Uint8Array, format: ImageFormat): string | null {
  if (format === 'jpeg')
    return (
      readJpegHeader(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength), 0)?.unsupported ?? null
    );
  return format === 'tiff' ? unsupportedInTiff(bytes) : null;
}

const [BITS, COMPRESSION, PHOTOMETRIC, SAMPLES] = [0x102, 0x103, 0x106, 0x115];

/** The schemes that are in use (https://www.loc.gov/preservation/digital/formats/content/tiff_tags.shtml). */
const COMPRESSIONS: Readonly<Record<number, string>> = {
  6: 'old-style JPEG',
  9: 'JBIG',
  10: 'JBIG',
  32766: 'NeXT',
  32809: 'ThunderScan',
  32908: 'PixarFilm',
  32909: 'PixarLog',
  33003: 'JPEG 2000',
  33005: 'JPEG 2000',
  33007: 'JPEG 2000',
  34661: 'JBIG',
  34676: 'SGILog',
  34677: 'SGILog',
  34712: 'JPEG 2000',
  34887: 'LERC',
  34925: 'LZMA',
  34926: 'Zstandard',
  50000: 'Zstandard',
  50002: 'JPEG XL',
  52546: 'JPEG XL',
};
const COLOURS: Readonly<Record<number, string>> = {
  9: 'ICC Lab',
  10: 'ITU Lab',
  32844: 'LogL',
  32845: 'LogLuv',
};
const UNSUPPORTED_BITS = new Set([2, 4, 10, 12, 14, 24, 64]);
/** Samples a pixel: sharp takes five, and a scanner of satellites' spectra has some hundred. */
const [MOST_READ, MOST_IN_USE] = [5, 500];

function unsupportedInTiff(bytes: Uint8Array): string | null {
  const first = readTiff(bytes)?.directories[0];
  if (!first) return null;
  const compression = COMPRESSIONS[first.number(COMPRESSION) ?? 0];
  if (compression) return `with ${compression} compression`;
  const colours = COLOURS[first.number(PHOTOMETRIC) ?? 0];
  if (colours) return `with ${colours} colours`;
  const [samples, bits] = [first.number(SAMPLES) ?? 1, first.number(BITS) ?? 1];
  if (samples > MOST_READ && samples <= MOST_IN_USE) return `with ${samples} samples a pixel`;
  return samples > 1 && UNSUPPORTED_BITS.has(bits) ? `with ${bits} bits a sample` : null;
}
