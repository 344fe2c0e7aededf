/**
 * The directories of a TIFF, as far as they can be read: EXIF, DNG and most camera raw have its form (TIFF 6.0, section
 * 2). BigTIFF, for files above 4 GB, has offsets and counts of 8 bytes (https://www.awaresystems.be/imaging/tiff/bigtiff.html).
 */
export type Tiff = {
  readonly directories: readonly TiffDirectory[];
  /** EXIF's own, to which the first directory points. */
  readonly exif: TiffDirectory | null;
};

export type TiffDirectory = {
  has(tag: number): boolean;
  /** Its first number, of type BYTE, SHORT, LONG or IFD; of BigTIFF's LONG8 and IFD8 too. */
  number(tag: number): number | undefined;
  /** Its text, up to the first NUL. */
  text(tag: number): string | undefined;
};

/** ORF and RW2 have numbers of their own in place of 42. */
const BEGINNING = /^(?:II(?:[*+]\0|RO|RS|U\0)|MM(?:\0[*+]|OR))/;
const EXIF = 0x8769;
const MOST_DIRECTORIES = 16;
const MOST_ENTRIES = 1000;
/** Bytes of BYTE, ASCII, SHORT, LONG, UNDEFINED, IFD, LONG8 and IFD8. */
const SIZES: Readonly<Record<number, number>> = { 1: 1, 2: 1, 3: 2, 4: 4, 7: 1, 13: 4, 16: 8, 18: 8 };

/** @returns null where the bytes don't begin as a TIFF does */
export function readTiff(bytes: Uint8Array): Tiff | null {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (file.length < 16 || !BEGINNING.test(file.toString('latin1', 0, 4))) return null;
  const little = file[0] === 0x49;
  const isBig = file[little ? 2 : 3] === 0x2b;
  const short = (at: number) => (little ? file.readUInt16LE(at) : file.readUInt16BE(at));
  const long = (at: number) => (little ? file.readUInt32LE(at) : file.readUInt32BE(at));
  const long8 = (at: number) => Number(little ? file.readBigUInt64LE(at) : file.readBigUInt64BE(at));
  /** An offset or count, and its bytes. */
  const word = isBig ? long8 : long;
  const wordSize = isBig ? 8 : 4;
  /** Bytes of an entry, and of their number before the first. */
  const [entrySize, head] = isBig ? [20, 8] : [12, 2];
  const directories: TiffDirectory[] = [];
  const seen = new Set<number>();
  let at = word(isBig ? 8 : 4);
  while (isInFile(at) && !seen.has(at) && directories.length < MOST_DIRECTORIES) {
    seen.add(at);
    directories.push(directory(entriesAt(at)));
    const next = at + head + entrySize * entriesIn(at);
    at = next + wordSize <= file.length ? word(next) : 0;
  }
  const exifAt = directories[0]?.number(EXIF) ?? 0;
  return { directories, exif: isInFile(exifAt) ? directory(entriesAt(exifAt)) : null };

  function isInFile(start: number): boolean {
    return start >= 8 && start + head <= file.length;
  }

  function entriesIn(start: number): number {
    return Math.min(isBig ? long8(start) : short(start), MOST_ENTRIES);
  }

  /** Offset of each tag's entry. */
  function entriesAt(start: number): Map<number, number> {
    const entries = new Map<number, number>();
    for (let i = 0; i < entriesIn(start); i++) {
      const entry = start + head + entrySize * i;
      if (entry + entrySize > file.length) break;
      entries.set(short(entry), entry);
    }
    return entries;
  }

  function directory(entries: ReadonlyMap<number, number>): TiffDirectory {
    const value = (tag: number) => {
      const entry = entries.get(tag);
      if (entry === undefined) return undefined;
      const type = short(entry + 2);
      const length = word(entry + 4) * (SIZES[type] ?? 0);
      const inside = entry + 4 + wordSize;
      const start = length > wordSize ? word(inside) : inside;
      return length > 0 && start + length <= file.length ? { type, start, length } : undefined;
    };
    return {
      has: tag => entries.has(tag),
      number(tag) {
        const found = value(tag);
        if (!found) return undefined;
        const { type, start } = found;
        const size = SIZES[type];
        return size === 1 ? file[start] : size === 2 ? short(start) : size === 8 ? long8(start) : long(start);
      },
      text(tag) {
        const found = value(tag);
        if (!found || found.type === 3) return undefined;
        return file
          .toString('utf8', found.start, found.start + found.length)
          .replace(/\0.*$/s, '')
          .trim();
      },
    };
  }
}
