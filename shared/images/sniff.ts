import type { ImageFormat } from '../catalog/formats.ts';
import { SemblanceError } from '../errors.ts';
import { isCameraRaw } from './camera-raw.ts';

/**
 * The format of an image by its first bytes; its name says nothing. Formats that libvips would read but
 * that are not supported (SVG, PDF, …) are rejected here, before any decoder sees them.
 * @param bytes the whole file, or its beginning: then a camera raw may be taken for the TIFF whose form it has
 * @throws image_empty, not_an_image
 */
export function sniffFormat(bytes: Uint8Array): ImageFormat {
  if (bytes.length === 0) throw new SemblanceError('image_empty', 'The file is empty');
  const head = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, 512)).toString('latin1');
  const format = ofSignature(head) ?? ofFileTypeBox(head) ?? (isCameraRaw(bytes) ? 'raw' : undefined);
  if (!format) throw new SemblanceError('not_an_image', 'The content is none of the formats that are read');
  return format === 'tiff' && isCameraRaw(bytes) ? 'raw' : format;
}

function ofSignature(head: string): ImageFormat | undefined {
  if (head.startsWith('\xff\xd8\xff')) return 'jpeg';
  if (head.startsWith('\x89PNG\r\n\x1a\n')) return 'png';
  if (head.startsWith('GIF87a') || head.startsWith('GIF89a')) return 'gif';
  if (head.startsWith('RIFF') && head.startsWith('WEBP', 8)) return 'webp';
  // Classic TIFF and BigTIFF, in either byte order.
  if (/^(?:II[*+]\0|MM\0[*+])/.test(head)) return 'tiff';
  if (head.startsWith('\0\0\0\x0cjP  \r\n\x87\n') || head.startsWith('\xff\x4f\xff\x51')) return 'jp2';
  if (isBmp(head)) return 'bmp';
  return undefined;
}

/** Two letters say little, so the size of the header behind them must be one that there is. */
function isBmp(head: string): boolean {
  const size = Buffer.from(head.slice(14, 18), 'latin1');
  return head.startsWith('BM') && size.length === 4 && BMP_HEADERS.has(size.readUInt32LE());
}
const BMP_HEADERS = new Set([12, 16, 40, 52, 56, 64, 108, 124]);

const AVIF_BRANDS = new Set(['avif', 'avis']);
const HEVC_BRANDS = new Set(['heic', 'heix', 'heim', 'heis', 'hevc', 'hevx', 'hevm', 'hevs']);

/**
 * ISO/IEC 14496-12 §4.3: size, 'ftyp', major brand, minor version, compatible brands. The generic brands
 * mif1 and msf1 say nothing of the codec, so all are looked at.
 */
function ofFileTypeBox(head: string): ImageFormat | undefined {
  if (!head.startsWith('ftyp', 4)) return undefined;
  const size = Buffer.from(head.slice(0, 4), 'latin1').readUInt32BE();
  const brands = [head.slice(8, 12)];
  for (let at = 16; at + 4 <= Math.min(size, head.length); at += 4) brands.push(head.slice(at, at + 4));
  if (brands.some(brand => AVIF_BRANDS.has(brand))) return 'avif';
  if (brands.some(brand => HEVC_BRANDS.has(brand))) return 'heic';
  return undefined;
}
