import { corruptImage, unsupportedImage } from './rejections.ts';

/**
 * BMP, which libvips reads only through ImageMagick: 1 to 32 bits a pixel, palettes, run lengths, bit fields, rows from
 * either end (Microsoft, "Bitmap Storage" and [MS-WMF] 2.2.2.9; OS/2's headers as libnsbmp reads them).
 */
export type Bmp = {
  /** RGB or RGBA, interleaved, top row first. */
  readonly data: Uint8Array;
  readonly width: number;
  readonly height: number;
  readonly channels: 3 | 4;
  /** Rows whose pixels are there, of `height`. */
  readonly rows: number;
};

export type BmpHeader = {
  readonly width: number;
  readonly height: number;
  readonly topDown: boolean;
  readonly bits: number;
  readonly compression: number;
  /** Offset of the pixels, and of the palette with the bytes of an entry. */
  readonly pixels: number;
  readonly palette: number;
  readonly paletteEntry: 3 | 4;
  readonly colours: number;
  /** Red, green, blue, alpha. */
  readonly masks: readonly [number, number, number, number];
};

const [RGB, RLE8, RLE4, BITFIELDS, ALPHA_BITFIELDS] = [0, 1, 2, 3, 6];
const BITS = new Set([1, 2, 4, 8, 16, 24, 32]);

/** @throws image_corrupt, image_unsupported */
export function readBmpHeader(bytes: Uint8Array): BmpHeader {
  const file = view(bytes);
  if (bytes.length < 26) throw corrupt('it ends in its header');
  const size = file.getUint32(14, true);
  if (size < 12 || 14 + size > bytes.length) throw corrupt('it ends in its header');
  const isCore = size === 12;
  const width = isCore ? file.getUint16(18, true) : file.getInt32(18, true);
  const storedHeight = isCore ? file.getUint16(20, true) : file.getInt32(22, true);
  const bits = file.getUint16(isCore ? 24 : 28, true);
  const field = (at: number) => (size >= at + 4 - 14 ? file.getUint32(at, true) : 0);
  const compression = field(30);
  if (width <= 0 || storedHeight === 0) throw corrupt(`its size is ${width} × ${storedHeight}`);
  const isOs2 = size === 64;
  if (isUnsupported(compression, bits, isOs2))
    throw unsupportedImage('bmp', `with ${bits} bits a pixel and compression ${compression}`);
  if (!isKnown(compression, bits, isOs2))
    throw corrupt(`its header says ${bits} bits a pixel and compression ${compression}`);
  const hasMasks = compression === BITFIELDS || compression === ALPHA_BITFIELDS;
  const masksBehind = hasMasks && size === 40 ? (compression === BITFIELDS ? 12 : 16) : 0;
  const palette = 14 + size + masksBehind;
  return {
    width,
    height: Math.abs(storedHeight),
    topDown: storedHeight < 0,
    bits,
    compression,
    pixels: file.getUint32(10, true),
    palette,
    paletteEntry: isCore ? 3 : 4,
    colours: bits <= 8 ? Math.min(field(46) || 2 ** bits, 2 ** bits) : 0,
    masks: hasMasks && bytes.length >= 66 ? masksOf(file, size, compression) : defaultMasks(bits),
  };
}

const isKnown = (compression: number, bits: number, isOs2: boolean): boolean =>
  (compression === RGB && BITS.has(bits)) ||
  (compression === RLE8 && bits === 8) ||
  (compression === RLE4 && bits === 4) ||
  (!isOs2 && (compression === BITFIELDS || compression === ALPHA_BITFIELDS) && (bits === 16 || bits === 32));

/** OS/2's Huffman code and run lengths of 24 bits; JPEG and PNG for printers; CMYK; 64 bits of GDI+. */
const isUnsupported = (compression: number, bits: number, isOs2: boolean): boolean =>
  isOs2
    ? (compression === 3 && bits === 1) || (compression === 4 && bits === 24)
    : ((compression === 4 || compression === 5) && bits === 0) ||
      (compression >= 11 && compression <= 13 && [4, 8, 32].includes(bits)) ||
      (compression === RGB && bits === 64);

const masksOf = (file: DataView, size: number, compression: number): BmpHeader['masks'] => {
  const hasAlpha = size >= 56 || (compression === ALPHA_BITFIELDS && file.byteLength >= 70);
  const mask = (i: number) => file.getUint32(54 + 4 * i, true);
  return [mask(0), mask(1), mask(2), hasAlpha ? mask(3) : 0];
};

const defaultMasks = (bits: number): BmpHeader['masks'] =>
  bits === 16 ? [0x7c00, 0x03e0, 0x001f, 0] : [0xff0000, 0xff00, 0xff, 0];

/** @throws image_corrupt, image_unsupported */
export function decodeBmp(bytes: Uint8Array, header = readBmpHeader(bytes)): Bmp {
  const isRunLength = header.compression === RLE8 || header.compression === RLE4;
  if (isRunLength) return runLengths(bytes, header);
  return header.bits <= 8 ? indexed(bytes, header) : direct(bytes, header);
}

function indexed(bytes: Uint8Array, header: BmpHeader): Bmp {
  const { width, height, bits } = header;
  const colours = paletteOf(bytes, header);
  const data = new Uint8Array(width * height * 3);
  const perByte = 8 / bits;
  const mask = 2 ** bits - 1;
  const rows = eachRow(bytes, header, (at, out) => {
    for (let x = 0, o = out; x < width; x++, o += 3) {
      const shift = 8 - bits * ((x % perByte) + 1);
      const index = ((bytes[at + Math.floor(x / perByte)]! >> shift) & mask) * 3;
      for (let c = 0; c < 3; c++) data[o + c] = colours[index + c]!;
    }
  });
  return { data, width, height, channels: 3, rows };
}

function direct(bytes: Uint8Array, header: BmpHeader): Bmp {
  const { width, height, bits, masks } = header;
  const file = view(bytes);
  const step = bits / 8;
  const channels = masks[3] === 0 ? 3 : 4;
  const data = new Uint8Array(width * height * channels);
  const levels = masks.slice(0, channels).map(levelOf);
  let opaque = false;
  const isPlain =
    bits === 24 || (bits === 32 && masks[0] === 0xff0000 && masks[2] === 0xff && channels === 3);
  const rows = eachRow(bytes, header, (at, row) => {
    let out = (row / 3) * channels;
    for (let x = 0, p = at; x < width; x++, p += step, out += channels) {
      if (isPlain) {
        data[out] = bytes[p + 2]!;
        data[out + 1] = bytes[p + 1]!;
        data[out + 2] = bytes[p]!;
        continue;
      }
      const value = bits === 16 ? file.getUint16(p, true) : file.getUint32(p, true);
      for (let c = 0; c < channels; c++) data[out + c] = levels[c]!(value);
      if (channels === 4 && data[out + 3] !== 0) opaque = true;
    }
  });
  // Programs that don't know alpha write 0 there.
  if (channels === 4 && !opaque) for (let i = 3; i < data.length; i += 4) data[i] = 255;
  return { data, width, height, channels, rows };
}

/** The bits of a mask, scaled to 0–255. */
function levelOf(mask: number): (value: number) => number {
  if (mask === 0) return () => 0;
  const shift = 31 - Math.clz32(mask & -mask);
  const largest = mask >>> shift;
  return value => Math.round((((value & mask) >>> shift) * 255) / largest);
}

/** Calls `read` with where each row lies in the file and in an RGB image; how many rows the file has. */
function eachRow(bytes: Uint8Array, header: BmpHeader, read: (at: number, out: number) => void): number {
  const { width, height, bits, pixels, topDown } = header;
  const stride = ((bits * width + 31) >>> 5) * 4;
  const needed = Math.ceil((bits * width) / 8);
  let rows = 0;
  for (let y = 0; y < height; y++) {
    const at = pixels + y * stride;
    if (at + needed > bytes.length) break;
    read(at, (topDown ? y : height - 1 - y) * width * 3);
    rows++;
  }
  return rows;
}

function runLengths(bytes: Uint8Array, header: BmpHeader): Bmp {
  const { width, height, bits, pixels } = header;
  const colours = paletteOf(bytes, header);
  const data = new Uint8Array(width * height * 3);
  const isByte = bits === 8;
  let [x, y, at] = [0, 0, pixels];
  const put = (index: number) => {
    if (x < width && y < height) {
      const out = ((height - 1 - y) * width + x) * 3;
      for (let c = 0; c < 3; c++) data[out + c] = colours[index * 3 + c]!;
    }
    x++;
  };
  const nibble = (byte: number, i: number) => (i % 2 === 0 ? byte >> 4 : byte & 15);
  while (at + 1 < bytes.length && y < height) {
    const [count, value] = [bytes[at]!, bytes[at + 1]!];
    at += 2;
    if (count > 0) {
      for (let i = 0; i < count; i++) put(isByte ? value : nibble(value, i));
    } else if (value === 0) {
      [x, y] = [0, y + 1];
    } else if (value === 1) {
      y = height;
    } else if (value === 2) {
      x += bytes[at] ?? 0;
      y += bytes[at + 1] ?? 0;
      at += 2;
    } else {
      const length = isByte ? value : Math.ceil(value / 2);
      for (let i = 0; i < value; i++) {
        const byte = bytes[at + (isByte ? i : i >> 1)] ?? 0;
        put(isByte ? byte : nibble(byte, i));
      }
      at += length + (length % 2);
    }
  }
  return { data, width, height, channels: 3, rows: Math.min(height, x > 0 ? y + 1 : y) };
}

/** RGB, 256 entries; what the file doesn't name is black. */
function paletteOf(bytes: Uint8Array, { palette, paletteEntry, colours }: BmpHeader): Uint8Array {
  const out = new Uint8Array(256 * 3);
  for (let i = 0; i < colours; i++) {
    const at = palette + i * paletteEntry;
    for (let c = 0; c < 3; c++) out[i * 3 + c] = bytes[at + 2 - c] ?? 0;
  }
  return out;
}

const view = ({ buffer, byteOffset, byteLength }: Uint8Array) => new DataView(buffer, byteOffset, byteLength);

const corrupt = (words: string) => corruptImage('bmp', words);
