/**
 * What libheif leaves undone or says too late, read off the boxes of a HEIF file (ISO/IEC 14496-12 and 23008-12): its first
 * `meta` box lies at the top, properties of all images in its `ipco`, and which are whose in `ipma`.
 */

/**
 * px, as the primary image's `ispe` says, before it is cropped or turned; null where it says none. libheif rejects what
 * is larger than its own limits in words of its own, and libvips writes to stderr where an edge is beyond 2 ** 31.
 */
export function declaredSize(bytes: Uint8Array): { readonly width: number; readonly height: number } | null {
  const size = primaryProperties(bytes).find(({ type, data }) => type === 'ispe' && data.length >= 12);
  return size ? { width: size.data.readUInt32BE(4), height: size.data.readUInt32BE(8) } : null;
}

/**
 * Whether the primary image is grey in limited range: libheif makes RGB of it without widening 16–235 to 0–255.
 */
export function isGreyOfLimitedRange(bytes: Uint8Array): boolean {
  const properties = primaryProperties(bytes);
  const colour = properties.find(
    ({ type, data }) => type === 'colr' && data.toString('latin1', 0, 4) === 'nclx',
  );
  // The full_range_flag is the highest bit behind three codes of two bytes.
  if (!colour || colour.data.length < 11 || (colour.data.readUInt8(10) & 0x80) !== 0) return false;
  return properties.some(isMonochrome);
}

/** AV1CodecConfigurationRecord's `monochrome`; HEVCDecoderConfigurationRecord's `chromaFormat` 0. */
function isMonochrome({ type, data }: Box): boolean {
  if (type === 'av1C') return data.length > 2 && (data.readUInt8(2) & 0x10) !== 0;
  return type === 'hvcC' && data.length > 16 && (data.readUInt8(16) & 3) === 0;
}

/** 16–235 as 0–255 (ITU-T H.273, equation 23), in place. */
export function widenRange(samples: Uint8Array): void {
  for (let i = 0; i < samples.length; i++)
    samples[i] = Math.min(255, Math.max(0, Math.round(((samples[i]! - 16) * 255) / 219)));
}

/**
 * The file with the brand of a still image where it is an image sequence: its primary image is what a viewer shows
 * first, and libvips looks at the brand only.
 */
export function asStill(bytes: Uint8Array): Uint8Array {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (file.toString('latin1', 4, 12) !== 'ftypavis') return bytes;
  const still = Buffer.from(file);
  still.write('avif', 8, 'latin1');
  return still;
}

type Box = { readonly type: string; readonly data: Buffer };

/** Properties of the primary image; [] where the boxes can't be followed. */
function primaryProperties(bytes: Uint8Array): Box[] {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const meta = boxesOf(file).find(({ type }) => type === 'meta');
  if (!meta) return [];
  const inside = boxesOf(meta.data.subarray(4));
  const pitm = inside.find(({ type }) => type === 'pitm')?.data;
  const iprp = boxesOf(inside.find(({ type }) => type === 'iprp')?.data ?? Buffer.alloc(0));
  const properties = boxesOf(iprp.find(({ type }) => type === 'ipco')?.data ?? Buffer.alloc(0));
  const ipma = iprp.find(({ type }) => type === 'ipma')?.data;
  if (!pitm || !ipma || pitm.length < 6) return [];
  const primary = pitm[0] === 0 ? pitm.readUInt16BE(4) : pitm.length >= 8 ? pitm.readUInt32BE(4) : -1;
  return associations(ipma, primary).flatMap(index => properties[index - 1] ?? []);
}

/** Indexes, from 1, of an item's properties. */
function associations(ipma: Buffer, item: number): number[] {
  if (ipma.length < 8) return [];
  const [wideIds, wideIndexes] = [ipma.readUInt8(0) >= 1, (ipma.readUInt8(3) & 1) === 1];
  const entries = ipma.readUInt32BE(4);
  let at = 8;
  for (let i = 0; i < entries && at + (wideIds ? 5 : 3) <= ipma.length; i++) {
    const id = wideIds ? ipma.readUInt32BE(at) : ipma.readUInt16BE(at);
    at += wideIds ? 4 : 2;
    const count = ipma.readUInt8(at++);
    const size = wideIndexes ? 2 : 1;
    if (at + count * size > ipma.length) return [];
    if (id === item) {
      return Array.from({ length: count }, (_, n) =>
        wideIndexes ? ipma.readUInt16BE(at + 2 * n) & 0x7fff : ipma.readUInt8(at + n) & 0x7f,
      );
    }
    at += count * size;
  }
  return [];
}

/** The boxes that lie one behind the other; those that don't fit are left out. */
function boxesOf(data: Buffer): Box[] {
  const boxes: Box[] = [];
  for (let at = 0; at + 8 <= data.length; ) {
    const small = data.readUInt32BE(at);
    const head = small === 1 ? 16 : 8;
    if (at + head > data.length) break;
    const size = small === 1 ? Number(data.readBigUInt64BE(at + 8)) : small === 0 ? data.length - at : small;
    if (size < head || at + size > data.length) break;
    boxes.push({ type: data.toString('latin1', at + 4, at + 8), data: data.subarray(at + head, at + size) });
    at += size;
  }
  return boxes;
}
