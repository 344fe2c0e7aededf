import { posix } from 'node:path';
import type { Exif } from './exif.ts';
import { parseOwnKey } from './ids.ts';

/** Payload fields that hold an image's name as numbers, since indexes order numbers only. */
export const NAME_ORDER = ['name_order_1', 'name_order_2', 'name_order_3', 'name_order_4'] as const;

/** Bytes of a name in one such field: 6 are 48 bits, which a JSON number holds exactly. */
const BYTES = 6;

/**
 * A name as four numbers in whose order names stand as people expect: case ignored, runs of digits by their value
 * (2 before 10). Names that agree in the first 24 bytes count as equal.
 */
export function nameOrder(name: string): [number, number, number, number] {
  const bytes = Buffer.alloc(BYTES * NAME_ORDER.length);
  // The length of a run is put before it, so that longer numbers (without leading zeros) are larger.
  const key = name
    .normalize('NFKC')
    .toLowerCase()
    .replaceAll(/\d+/g, run => {
      const digits = run.replace(/^0+(?=\d)/, '');
      return String.fromCharCode(0x30 + Math.min(digits.length, 9)) + digits;
    });
  bytes.write(key, 'utf8');
  const part = (i: number): number => bytes.readUIntBE(i * BYTES, BYTES);
  return [part(0), part(1), part(2), part(3)];
}

/** The folders that a key lies in, the outermost first: `a/b/c.jpg` lies in `a` and `a/b`. Uploads lie in none. */
export function foldersOf(key: string): string[] {
  if (parseOwnKey(key)) return [];
  const parts = posix.dirname(key).split('/');
  return parts[0] === '.' ? [] : parts.map((_, i) => parts.slice(0, i + 1).join('/'));
}

/** Payload fields that exist to browse by: orders, and what can be filtered and counted. */
export function browseFields(image: {
  readonly key: string;
  readonly name: string | null;
  readonly takenAt: string | null;
  readonly exif: Exif | null;
}) {
  const [first, second, third, fourth] = image.name === null ? [] : nameOrder(image.name);
  return {
    name_order_1: first ?? null,
    name_order_2: second ?? null,
    name_order_3: third ?? null,
    name_order_4: fourth ?? null,
    /** `2026-03`, of the clock of the place. */
    taken_month: image.takenAt?.slice(0, 7) ?? null,
    folders: foldersOf(image.key),
    camera: image.exif?.camera ?? null,
    lens: image.exif?.lens ?? null,
    exif: image.exif,
  };
}
