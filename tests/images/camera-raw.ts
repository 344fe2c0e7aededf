/** Entries of a TIFF directory: tag, type (2 = ASCII, 3 = SHORT, 4 = LONG), and the value or the text. */
export type Entry = readonly [tag: number, type: 2 | 3 | 4, value: number | string];

/** A little-endian TIFF with one directory, and behind it other bytes. */
export function tiff(entries: readonly Entry[], behind: Uint8Array = new Uint8Array()): Buffer {
  const directory = Buffer.alloc(8 + 2 + entries.length * 12 + 4);
  directory.write('II*\0', 'latin1');
  directory.writeUInt32LE(8, 4);
  directory.writeUInt16LE(entries.length, 8);
  const texts: Buffer[] = [];
  let end = directory.length;
  for (const [i, [tag, type, value]] of entries.entries()) {
    const at = 10 + i * 12;
    directory.writeUInt16LE(tag, at);
    directory.writeUInt16LE(type, at + 2);
    if (typeof value === 'number') {
      directory.writeUInt32LE(1, at + 4);
      directory.writeUInt32LE(value, at + 8);
    } else {
      const text = Buffer.from(`${value}\0\0\0\0`, 'latin1');
      directory.writeUInt32LE(value.length + 1, at + 4);
      directory.writeUInt32LE(end, at + 8);
      texts.push(text);
      end += text.length;
    }
  }
  return Buffer.concat([directory, ...texts, behind]);
}

/** A raw as Nikon's begin: a thumbnail's directory, sensor data further down, and previews in JPEG. */
export const cameraRaw = (...previews: Uint8Array[]): Buffer =>
  tiff(
    [
      [0xfe, 4, 1],
      [0x10f, 2, 'NIKON CORPORATION'],
      [0x112, 3, 6],
      [0x14a, 4, 700],
    ],
    Buffer.concat([Buffer.alloc(700, 0x5a), ...previews, Buffer.alloc(900, 0xa5)]),
  );
