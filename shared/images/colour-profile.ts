/**
 * Embedded ICC profiles. Models never saw them applied, so pixels stay as stored; for people's eyes the profile
 * travels on with thumbnail and preview, or wide-gamut photographs of phones would look pale.
 */

/** Larger ones describe printers, and would outweigh a thumbnail. */
const LARGEST = 4096;

/**
 * The profile where it changes what RGB levels look like: null for none, for sRGB (what is assumed anyway), for
 * other kinds of colour and for one that is too large.
 */
export function relevantProfile(icc: Uint8Array | undefined): Uint8Array | null {
  if (!icc || icc.length < 132 || icc.length > LARGEST) return null;
  const text = Buffer.from(icc.buffer, icc.byteOffset, icc.byteLength).toString('latin1');
  // ICC.1:2022 §7.2: colour space of the data at 16, signature at 36
  if (text.slice(16, 20) !== 'RGB ' || text.slice(36, 40) !== 'acsp') return null;
  // Names are ASCII in version 2 and UTF-16 in version 4.
  return text.replaceAll('\0', '').includes('sRGB') ? null : icc;
}

/** The profile of a HEIC: its first colour box of type `prof` (ISO/IEC 14496-12 §12.1.5). */
export function heicProfile(bytes: Uint8Array): Uint8Array | undefined {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const at = file.indexOf('colrprof');
  if (at < 4) return undefined;
  return file.subarray(at + 8, at - 4 + file.readUInt32BE(at - 4));
}

/**
 * A WebP with the profile put in (developers.google.com/speed/webp/docs/riff_container, extended format).
 * @param webp in the simple format: one VP8 chunk
 */
export function withProfile(
  webp: Uint8Array,
  profile: Uint8Array,
  { width, height }: { readonly width: number; readonly height: number },
): Uint8Array {
  const HAS_PROFILE = 0x20;
  const extended = Buffer.alloc(10);
  extended.writeUInt8(HAS_PROFILE, 0);
  extended.writeUIntLE(width - 1, 4, 3);
  extended.writeUIntLE(height - 1, 7, 3);
  const body = Buffer.concat([
    Buffer.from('WEBP'),
    chunk('VP8X', extended),
    chunk('ICCP', profile),
    webp.subarray(12),
  ]);
  return chunk('RIFF', body);
}

function chunk(name: string, data: Uint8Array): Buffer {
  const head = Buffer.alloc(8);
  head.write(name, 'latin1');
  head.writeUInt32LE(data.length, 4);
  return Buffer.concat([head, data, Buffer.alloc(data.length % 2)]);
}
