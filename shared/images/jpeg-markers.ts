/** A JPEG's segments, as far as its size and its end follow from them (ITU-T T.81, Annex B). */

export const JPEG_START = Buffer.from([0xff, 0xd8, 0xff]);

const [START_OF_SCAN, END_OF_IMAGE] = [0xda, 0xd9];
/** Between the codes of frames: DHT, JPG and DAC. */
const NO_FRAMES = new Set([0xc4, 0xc8, 0xcc]);
/** Frames of lossless coding (ITU-T T.81, table B.1), in which cameras store sensor data. */
const LOSSLESS = new Set([0xc3, 0xcb]);
/** DNL, which gives the number of lines behind the first scan, and its length. */
const LINES_BEHIND = Buffer.from([0xff, 0xdc, 0, 4]);

export type JpegHeader = {
  readonly width: number;
  readonly height: number;
  /** A feature of JPEG that can't be read here, such as `with lossless coding`. */
  readonly unsupported: string | null;
  /** Offset of its first scan. */
  readonly scan: number;
};

/**
 * The header of the JPEG that begins at `start`; null where it ends, or isn't one, before its first scan, or where it
 * hasn't exactly one frame, as long as its components take.
 */
export function readJpegHeader(file: Buffer, start: number): JpegHeader | null {
  let frame: Omit<JpegHeader, 'scan'> | undefined;
  for (let at = start + 2; at + 9 < file.length && file[at] === 0xff; at += 2 + file.readUInt16BE(at + 2)) {
    const marker = file.readUInt8(at + 1);
    if (marker === START_OF_SCAN) return frame ? { ...frame, scan: at } : null;
    if (marker < 0xc0 || marker > 0xcf || NO_FRAMES.has(marker)) continue;
    if (frame || file.readUInt16BE(at + 2) !== 8 + 3 * file.readUInt8(at + 9)) return null;
    const [bits, height, width] = [
      file.readUInt8(at + 4),
      file.readUInt16BE(at + 5),
      file.readUInt16BE(at + 7),
    ];
    const linesBehind = height === 0 && file.includes(LINES_BEHIND, at);
    frame = { width, height, unsupported: unsupportedFeature(marker, bits, linesBehind) };
  }
  return null;
}

function unsupportedFeature(marker: number, bits: number, linesBehind: boolean): string | null {
  if (LOSSLESS.has(marker)) return 'with lossless coding';
  // The only other precision of lossy coding (table B.2).
  if (bits === 12) return 'with 12 bits a sample';
  return linesBehind ? 'with its height behind its pixels (DNL)' : null;
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
