/** A JPEG's segments, as far as its size and its end follow from them (ITU-T T.81, Annex B). */

export const JPEG_START = Buffer.from([0xff, 0xd8, 0xff]);

const [START_OF_SCAN, END_OF_IMAGE] = [0xda, 0xd9];
/** Baseline, extended and progressive with Huffman's code; sensor data of cameras in JPEG's lossless form has another. */
const SHOWN_FRAMES = new Set([0xc0, 0xc1, 0xc2]);
/** Between the codes of frames: DHT, JPG and DAC. */
const NO_FRAMES = new Set([0xc4, 0xc8, 0xcc]);

export type JpegHeader = {
  readonly width: number;
  readonly height: number;
  /** Whether it is of a kind that is shown: 8 bits, and not lossless. */
  readonly shown: boolean;
  /** Offset of its first scan. */
  readonly scan: number;
};

/** The header of the JPEG that begins at `start`; null where it ends, or isn't one, before its first scan. */
export function readJpegHeader(file: Buffer, start: number): JpegHeader | null {
  let frame: Omit<JpegHeader, 'scan'> | undefined;
  for (let at = start + 2; at + 9 < file.length && file[at] === 0xff; at += 2 + file.readUInt16BE(at + 2)) {
    const marker = file.readUInt8(at + 1);
    if (marker === START_OF_SCAN) return frame ? { ...frame, scan: at } : null;
    if (marker < 0xc0 || marker > 0xcf || NO_FRAMES.has(marker)) continue;
    const [height, width] = [file.readUInt16BE(at + 5), file.readUInt16BE(at + 7)];
    frame = {
      width,
      height,
      shown: SHOWN_FRAMES.has(marker) && file[at + 4] === 8 && width > 0 && height > 0,
    };
  }
  return null;
}

/** Behind its end marker: the first behind its scans, in whose data 0xff is followed by 0 or is a restart. */
export function endOfJpeg(file: Buffer, scan: number): number {
  for (
    let at = file.indexOf(0xff, scan + 2);
    at >= 0 && at + 1 < file.length;
    at = file.indexOf(0xff, at + 1)
  ) {
    if (file[at + 1] === END_OF_IMAGE) return at + 2;
  }
  return file.length;
}

/** Whether the first of a progressive JPEG's scans is whole: it shows all of the image, if coarsely. */
export function hasCoarseImage(jpeg: Uint8Array): boolean {
  const file = Buffer.from(jpeg.buffer, jpeg.byteOffset, jpeg.byteLength);
  const scan = readJpegHeader(file, 0)?.scan;
  return scan !== undefined && file.indexOf(Buffer.from([0xff, START_OF_SCAN]), scan + 2) >= 0;
}
