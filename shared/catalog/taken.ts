/** When an image was taken, and how that is known. This file imports nothing, so that the page can use it too. */

/**
 * Its source: the camera's EXIF, XMP or IPTC inside the file, a date in the file's name, or, where all these are missing,
 * the time of the file itself, which is when it was last written and not when it was taken.
 */
export const TAKEN_SOURCES = ['exif', 'xmp', 'iptc', 'name', 'file'] as const;
export type TakenSource = (typeof TAKEN_SOURCES)[number];

export type Taken = {
  /**
   * The clock of the place where it was taken, `2026-03-01T20:30:00`, with its offset from UTC where that is known:
   * `2026-03-01T20:30:00+08:00`.
   */
  readonly at: string;
  readonly source: TakenSource;
};

/** The clock of the place alone, as `…Z`, for indexes: an image of 1 March, 20:30 is of 1 March everywhere. */
export const localClock = (at: string): string => `${at.replace(/(?:Z|[+-]\d\d:\d\d)$/, '')}Z`;

const DATE = '((?:19|20)\\d\\d)([-_. ]?)(0[1-9]|1[0-2])\\2(0[1-9]|[12]\\d|3[01])';
const TIME = '(2[0-3]|[01]?\\d)[-_.:h]?([0-5]\\d)[-_.:m]?([0-5]\\d)(?:[-_.]?\\d{3})?s?\\s?([AP]M)?';
const DATE_AND_TIME = new RegExp(`(?<!\\d)${DATE}(?:[-_.T ]{0,3}|\\s*at\\s*)${TIME}(?!\\d)`, 'i');
const DATE_ALONE = new RegExp(`(?<!\\d)${DATE}(?!\\d)`);

/**
 * The date in a file's name, as cameras, telephones and messengers put it there: `IMG_20260301_203000.jpg`,
 * `Screenshot 2026-03-01 at 8.30.00 PM.png`, `IMG-20260301-WA0001.jpg`. Null where there is none.
 */
export function takenOfName(name: string): Taken | null {
  const whole = DATE_AND_TIME.exec(name);
  const [, year, , month, day, hour = '0', minute = '00', second = '00', half] =
    whole ?? DATE_ALONE.exec(name) ?? [];
  if (year === undefined || month === undefined || day === undefined) return null;
  const hours = hourOf(Number(hour), half);
  const at = `${year}-${month}-${day}T${String(hours).padStart(2, '0')}:${minute}:${second}`;
  return isDateTime(at) ? { at, source: 'name' } : null;
}

/** Of twelve hours to 24. @param half AM or PM, in English, Chinese or Japanese; undefined: there are 24 already */
export function hourOf(hour: number, half: string | undefined): number {
  if (half === undefined || hour > 12) return hour;
  const isAfternoon = /^p|下午|午後|晚上/i.test(half);
  return (hour % 12) + (isAfternoon ? 12 : 0);
}

/** Whether there is such a day and time. @param text `YYYY-MM-DDTHH:MM:SS` */
export function isDateTime(text: string): boolean {
  const instant = new Date(`${text}.000Z`);
  // 31 February would roll over
  return !Number.isNaN(instant.getTime()) && instant.toISOString().startsWith(text);
}
