import { hourOf, isDateTime, type Taken } from '../catalog/taken.ts';
import { embeddedPreviews, isCameraRaw, tiffParts } from './camera-raw.ts';
import { type MetadataTags, readMetadata } from './exif-tags.ts';
import { readXmpPacket } from './xmp-packet.ts';

/**
 * When an image was taken, as the file says: EXIF's DateTimeOriginal, else its DateTimeDigitized, XMP, IPTC. It is the
 * clock of the place, with its offset where the file has one. Null where there is none or it is no date: metadata
 * is often garbage and never a reason to reject an image.
 */
export function takenAt(bytes: Uint8Array, tags = readMetadata(bytes)): Taken | null {
  const at = exifDate(tags) ?? rawDate(bytes);
  if (at !== null) return { at, source: 'exif' };
  const xmp = xmpDate(bytes);
  if (xmp !== null) return { at: xmp, source: 'xmp' };
  const iptc = iptcDate(tags);
  return iptc === null ? null : { at: iptc, source: 'iptc' };
}

const exifDate = (tags: MetadataTags | null): string | null =>
  dateTime(textOf(tags?.['DateTimeOriginal']), textOf(tags?.['OffsetTimeOriginal'])) ??
  dateTime(textOf(tags?.['DateTimeDigitized']), textOf(tags?.['OffsetTimeDigitized']));

/** In camera raw whose EXIF isn't where a TIFF has it: in a CR3's boxes, or in the preview of a RAF. */
function rawDate(bytes: Uint8Array): string | null {
  if (!isCameraRaw(bytes)) return null;
  const [ORIGINAL, OFFSET_ORIGINAL] = [0x9003, 0x9011];
  for (const { directories, exif } of tiffParts(bytes)) {
    for (const directory of [...directories, ...(exif ? [exif] : [])]) {
      const at = dateTime(directory.text(ORIGINAL) ?? '', directory.text(OFFSET_ORIGINAL) ?? '');
      if (at !== null) return at;
    }
  }
  const [preview] = embeddedPreviews(bytes);
  return preview ? exifDate(readMetadata(preview.jpeg)) : null;
}

/** Attribute or element, the more reliable names first (ISO 16684-1 §7). */
function xmpDate(bytes: Uint8Array): string | null {
  const packet = readXmpPacket(bytes);
  if (packet === null) return null;
  for (const name of ['exif:DateTimeOriginal', 'photoshop:DateCreated', '(?:xmp|xap):CreateDate']) {
    const found = new RegExp(`${name}(?:\\s*=\\s*["']([^"']{1,40})["']|\\s*>([^<]{1,40})<)`).exec(packet);
    const at = dateTime((found?.[1] ?? found?.[2] ?? '').trim());
    if (at !== null) return at;
  }
  return null;
}

/** Date Created and Time Created (IIM 2:55, 2:60), else those of the digital copy (2:62, 2:63). */
function iptcDate(tags: MetadataTags | null): string | null {
  const text = (name: string) => String(tags?.[name]?.description ?? '');
  return (
    dateTime(`${text('Date Created')} ${text('Time Created')}`.trim()) ??
    dateTime(`${text('Digital Creation Date')} ${text('Digital Creation Time')}`.trim())
  );
}

const HALF = '([AP]\\.?M\\.?|上午|下午|午前|午後|早上|晚上)?';
const DATE = /^(\d{4})[:\-/.年](\d{1,2})[:\-/.月](\d{1,2})日?(?:[T\s]+(.*))?$/s;
const TIME = new RegExp(
  `^${HALF}\\s*(\\d{1,2}):(\\d\\d)(?::(\\d\\d)(?:[.,]\\d+)?)?\\s*${HALF}\\s*(Z|[+-]\\d\\d:?\\d\\d)?`,
  'i',
);
const OFFSET = /^(Z|[+-](?:0\d|1[0-4]):?[0-5]\d)/i;

/** A date as metadata writes it, as `2026-03-01T20:30:00`, with its offset where it has one; of a day alone 00:00. */
function dateTime(text: string, offsetText = ''): string | null {
  const date = DATE.exec(text);
  if (!date) return null;
  const [, year = '', month = '', day = '', rest = ''] = date;
  const time = TIME.exec(rest.trim());
  if (!time && rest.trim() !== '') return null;
  const [, before, hour = '0', minute = '00', second = '00', after, inside = ''] = time ?? [];
  const two = (part: string | number) => String(part).padStart(2, '0');
  const local = `${year}-${two(month)}-${two(day)}T${two(hourOf(Number(hour), before ?? after))}:${minute}:${second}`;
  // 0000 is what cameras without a clock write
  if (!isDateTime(local) || Number(year) < FIRST_PHOTOGRAPH) return null;
  return local + offsetOf(inside !== '' ? inside : offsetText);
}

const FIRST_PHOTOGRAPH = 1826;

function offsetOf(text: string): string {
  const offset = OFFSET.exec(text)?.[1]?.toUpperCase() ?? '';
  return offset.length === 5 ? `${offset.slice(0, 3)}:${offset.slice(3)}` : offset;
}

/** EXIF's text is ASCII; what isn't, was written in UTF-8 or GB 18030. */
function textOf(tag: MetadataTags[string]): string {
  const value = Array.isArray(tag?.value) ? tag.value[0] : tag?.value;
  if (typeof value !== 'string') return '';
  const text = value.replace(/\0.*$/s, '').trim();
  const isBytes = /[\x80-\xff]/.test(text) && !/[^\0-\xff]/.test(text);
  return isBytes ? decoded(Buffer.from(text, 'latin1')) : text;
}

function decoded(bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder('gb18030').decode(bytes);
  }
}
