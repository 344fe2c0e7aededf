/**
 * The directories of a TIFF, as far as they can be read: EXIF, DNG and most camera raw have its form (TIFF 6.0, section 2).
 */
export type Tiff = {
  readonly directories: readonly TiffDirectory[];
  /** EXIF's own, to which the first directory points. */
  readonly exif: TiffDirectory | null;
};

export type TiffDirectory = {
  has(tag: number): boolean;
  /** Its first number, of type BYTE, SHORT, LONG or IFD. */
  number(tag: number): number | undefined;
  /** Its text, up to the first NUL. */
  text(tag: number): string | undefined;
};

/** ORF and RW2 have numbers of their own in place of 42. */
const BEGINNING = /^(?:II(?:\*\0|RO|RS|U\0)|MM(?:\0\*|OR))/;
const EXIF = 0x8769;
const MOST_DIRECTORIES = 16;
const MOST_ENTRIES = 1000;
/** Bytes of BYTE, ASCII, SHORT, LONG and IFD. */
const SIZES: Readonly<Record<number, number>> = { 1: 1, 2: 1, 3: 2, 4: 4, 7: 1, 13: 4 };

/** @returns null where the bytes don't begin as a TIFF does */
export function readTiff(bytes: Uint8Array): Tiff | null {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (file.length < 8 || !BEGINNING.test(file.toString('latin1', 0, 4))) return null;
  const little = file[0] === 0x49;
  const short = (at: number) => (little ? file.readUInt16LE(at) : file.readUInt16BE(at));
  const long = (at: number) => (little ? file.readUInt32LE(at) : file.readUInt32BE(at));
  const directories: TiffDirectory[] = [];
  const seen = new Set<number>();
  let at = long(4);
  while (at >= 8 && at + 2 <= file.length && !seen.has(at) && directories.length < MOST_DIRECTORIES) {
    seen.add(at);
    directories.push(directory(entriesAt(at)));
    const next = at + 2 + 12 * Math.min(short(at), MOST_ENTRIES);
    at = next + 4 <= file.length ? long(next) : 0;
  }
  const exifAt = directories[0]?.number(EXIF) ?? 0;
  return {
    directories,
    exif: exifAt >= 8 && exifAt + 2 <= file.length ? directory(entriesAt(exifAt)) : null,
  };

  /** Offset of each tag's entry. */
  function entriesAt(start: number): Map<number, number> {
    const count = Math.min(short(start), MOST_ENTRIES);
    const entries = new Map<number, number>();
    for (let i = 0; i < count && start + 14 + 12 * i <= file.length; i++)
      entries.set(short(start + 2 + 12 * i), start + 2 + 12 * i);
    return entries;
  }

  function directory(entries: ReadonlyMap<number, number>): TiffDirectory {
    const value = (tag: number) => {
      const entry = entries.get(tag);
      if (entry === undefined) return undefined;
      const type = short(entry + 2);
      const length = long(entry + 4) * (SIZES[type] ?? 0);
      const start = length > 4 ? long(entry + 8) : entry + 8;
      return length > 0 && start + length <= file.length ? { type, start, length } : undefined;
    };
    return {
      has: tag => entries.has(tag),
      number(tag) {
        const found = value(tag);
        if (!found) return undefined;
        return found.type === 1
          ? file[found.start]
          : found.type === 3
            ? short(found.start)
            : long(found.start);
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
