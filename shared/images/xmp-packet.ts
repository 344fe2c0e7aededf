import { inflateSync } from 'node:zlib';
import { JPEG_START, readJpegHeader } from './jpeg-markers.ts';

/** bytes; larger packets are padding. */
const LARGEST_PACKET = 4_000_000;

/**
 * The XMP of a file as text: it lies there as it is, whatever the format (ISO 16684-3), but for PNG, where it may be
 * compressed. Null where there is none.
 */
export function readXmpPacket(bytes: Uint8Array): string | null {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const head = headOf(file);
  const start = head.indexOf('<x:xmpmeta');
  if (start < 0) return PNG_START.equals(file.subarray(0, PNG_START.length)) ? compressedPacket(file) : null;
  const end = head.indexOf('</x:xmpmeta>', start);
  return file.toString('utf8', start, Math.min(end < 0 ? head.length : end, start + LARGEST_PACKET));
}

const PNG_START = Buffer.from('\x89PNG\r\n\x1a\n', 'latin1');

/** The part of a file that may hold a packet: of a JPEG what is before its pixels, which are most of it. */
const headOf = (file: Buffer): Buffer =>
  JPEG_START.equals(file.subarray(0, JPEG_START.length))
    ? file.subarray(0, readJpegHeader(file, 0)?.scan ?? file.length)
    : file;

const KEYWORD = 'XML:com.adobe.xmp\0';

/**
 * Of a chunk zTXt: keyword, NUL, method; or of iTXt: keyword, NUL, compression flag and method, language and translated
 * keyword, each ended by NUL (PNG, third edition, §11.3.3).
 */
function compressedPacket(file: Buffer): string | null {
  for (const type of ['zTXt', 'iTXt']) {
    const at = file.indexOf(type + KEYWORD, 0, 'latin1');
    if (at < 4) continue;
    const body = at + type.length + KEYWORD.length;
    const end = at + 4 + file.readUInt32BE(at - 4);
    const text = type === 'zTXt' ? body + 1 : file.indexOf(0, file.indexOf(0, body + 2) + 1) + 1;
    if (text <= body || text >= end) continue;
    try {
      return inflateSync(file.subarray(text, end), { maxOutputLength: LARGEST_PACKET }).toString('utf8');
    } catch {
      return null; // metadata is often damaged, and no reason to reject an image
    }
  }
  return null;
}
