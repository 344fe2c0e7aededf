import ExifReader from 'exifreader';

/**
 * When an image was taken, as EXIF says: DateTimeOriginal, else DateTimeDigitized (RFC 3339). Without an
 * offset tag the camera's clock is taken for UTC, as the index reads naive dates. Null where there is none or
 * it is no date: metadata is often garbage and never a reason to reject an image.
 */
export function takenAt(bytes: Uint8Array): string | null {
  const tags = readTags(bytes);
  return (
    rfc3339(tags?.DateTimeOriginal?.value, tags?.OffsetTimeOriginal?.value) ??
    rfc3339(tags?.DateTimeDigitized?.value, tags?.OffsetTimeDigitized?.value)
  );
}

function readTags(bytes: Uint8Array): ExifReader.Tags | null {
  try {
    // a view: `load` would copy the whole file
    return ExifReader.loadView(new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength));
  } catch {
    return null;
  }
}

const DATE = /^(\d{4})[:\-/.](\d\d)[:\-/.](\d\d)[ T](\d\d):(\d\d):(\d\d)/;
const OFFSET = /^[+-](?:0\d|1[0-4]):[0-5]\d/;

function rfc3339(dateTag: unknown, offsetTag: unknown): string | null {
  const date = DATE.exec(textOf(dateTag));
  if (!date) return null;
  const [, year, month, day, hour, minute, second] = date;
  const local = `${year}-${month}-${day}T${hour}:${minute}:${second}`;
  const instant = new Date(`${local}.000Z`);
  // 31 February would roll over, 0000 is what cameras without a clock write
  if (Number.isNaN(instant.getTime()) || !instant.toISOString().startsWith(local)) return null;
  if (Number(year) < 1826) return null;
  return local + (OFFSET.exec(textOf(offsetTag))?.[0] ?? 'Z');
}

const textOf = (tag: unknown): string =>
  (Array.isArray(tag) ? String(tag[0] ?? '') : typeof tag === 'string' ? tag : '')
    .replace(/\0.*$/s, '')
    .trim();
