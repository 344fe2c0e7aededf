import { closeSync, fsyncSync, openSync, readSync, renameSync, rmSync, writeSync } from 'node:fs';
import { crc32 } from 'node:zlib';

/** Numbers of any kind, in memory of a thread's own or shared. */
export type Numbers =
  | Int8Array
  | Uint8Array
  | Int16Array
  | Uint16Array
  | Int32Array
  | Uint32Array
  | Float32Array
  | Float64Array;

/** Takes the parts of an image one after the other. */
export interface ImageWriter {
  numbers(values: Numbers): void;
  json(value: unknown): void;
}

/** Gives them back in the same order. @throws ImageDamaged */
export interface ImageReader {
  /** @param make room for so many numbers, which are then filled */
  numbers<T extends Numbers>(make: (length: number) => T): T;
  json(): unknown;
}

/** The file ends too early, or holds other bytes than were written. */
export class ImageDamaged extends Error {}

/** Before each part: its length in bytes, its checksum, and that of these two. */
const HEADER_BYTES = 16;

/**
 * Writes a file that is there whole or not at all, also after `kill -9` or power loss.
 * @throws the file system's errors; the file that was there stays then
 */
export function writeImageFile(path: string, save: (writer: ImageWriter) => void): void {
  const temporary = `${path}.new`;
  try {
    const file = openSync(temporary, 'w');
    const part = (bytes: Uint8Array): void => {
      for (const piece of [headerOf(bytes.length, crc32(bytes)), bytes])
        for (let at = 0; at < piece.length; ) at += writeSync(file, piece, at);
    };
    try {
      save({
        numbers: values => part(bytesOf(values)),
        json: value => part(Buffer.from(JSON.stringify(value))),
      });
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renameSync(temporary, path);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}

/** Reads what was written so. @throws ImageDamaged, or the file system's errors */
export function readImageFile<T>(path: string, load: (reader: ImageReader) => T): T {
  const file = openSync(path, 'r');
  const fill = (bytes: Uint8Array): void => {
    for (let at = 0; at < bytes.length; ) {
      const read = readSync(file, bytes, at, bytes.length - at, null);
      if (read === 0) throw new ImageDamaged('The file ends too early');
      at += read;
    }
  };
  const numbers = <T extends Numbers>(make: (length: number) => T): T => {
    const header = new Uint8Array(HEADER_BYTES);
    fill(header);
    const view = new DataView(header.buffer);
    const [length, checksum] = [view.getFloat64(0), view.getUint32(8)];
    if (!headerOf(length, checksum).every((byte, i) => byte === header[i]))
      throw new ImageDamaged('The head of a part differs from its checksum');
    const values = make(length / make(0).BYTES_PER_ELEMENT);
    fill(bytesOf(values));
    if (crc32(bytesOf(values)) !== checksum) throw new ImageDamaged('A part differs from its checksum');
    return values;
  };
  try {
    return load({
      numbers,
      json: () => JSON.parse(Buffer.from(numbers(length => new Uint8Array(length))).toString('utf8')),
    });
  } finally {
    closeSync(file);
  }
}

function headerOf(length: number, checksum: number): Uint8Array {
  const header = new Uint8Array(HEADER_BYTES);
  const view = new DataView(header.buffer);
  view.setFloat64(0, length);
  view.setUint32(8, checksum);
  view.setUint32(12, crc32(header.subarray(0, 12)));
  return header;
}

const bytesOf = ({ buffer, byteOffset, byteLength }: Numbers): Uint8Array =>
  new Uint8Array(buffer, byteOffset, byteLength);
