import { language } from './messages.ts';

const oneDigit = new Intl.NumberFormat(language, { maximumFractionDigits: 1 });
const whole = new Intl.NumberFormat(language, { maximumFractionDigits: 0 });
const day = new Intl.DateTimeFormat(language, { dateStyle: 'medium' });
const localDay = new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeZone: 'UTC' });
const localMoment = new Intl.DateTimeFormat(language, {
  dateStyle: 'medium',
  timeStyle: 'short',
  timeZone: 'UTC',
});
const moment = new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeStyle: 'short' });
const languages = new Intl.DisplayNames(language, { type: 'language' });
const percent = new Intl.NumberFormat(language, { style: 'percent' });
const month = new Intl.DateTimeFormat(language, { year: 'numeric', month: 'long', timeZone: 'UTC' });
const weekday = new Intl.DateTimeFormat(language, {
  weekday: 'short',
  month: 'short',
  day: 'numeric',
  timeZone: 'UTC',
});
const precise = new Intl.NumberFormat(language, {
  style: 'unit',
  unit: 'second',
  unitDisplay: 'short',
  maximumFractionDigits: 2,
});
const unit = (name: string) =>
  new Intl.NumberFormat(language, {
    style: 'unit',
    unit: name,
    unitDisplay: 'short',
    maximumFractionDigits: 0,
  });

export const formatCount = (count: number): string => whole.format(count);

export const formatPercent = (share: number): string => percent.format(share);

/** What a language is called in the reader's. @param tag BCP 47 */
export const formatLanguage = (tag: string): string => languages.of(tag) ?? tag;

export const formatRate = (rate: number): string => (rate < 10 ? oneDigit : whole).format(rate);

/** @param bytes decimal units, as file managers show them */
export function formatBytes(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  if (bytes < 1_000_000) return `${whole.format(bytes / 1000)} KB`;
  return `${oneDigit.format(bytes / 1_000_000)} MB`;
}

export function formatDay(timestamp: string): string {
  const date = new Date(timestamp);
  return Number.isNaN(date.valueOf()) ? timestamp : day.format(date);
}

/** A moment by the reader's own clock. @param timestamp RFC 3339 */
export const formatMoment = (timestamp: string): string => moment.format(new Date(timestamp));

/** The day by the clock of the place, whatever the reader's own. @param takenAt `2026-03-01T20:30:00+08:00` */
export const formatTaken = (takenAt: string): string => formatDate(localDay, takenAt.slice(0, 10));

/** The day and the time by the clock of the place, as the camera wrote them. @param takenAt `2026-03-01T20:30:00+08:00` */
export function formatTakenAt(takenAt: string): string {
  const date = new Date(`${takenAt.slice(0, 19)}Z`);
  return Number.isNaN(date.valueOf()) ? formatTaken(takenAt) : localMoment.format(date);
}

/** @param text YYYY-MM */
export const formatMonth = (text: string): string => formatDate(month, `${text}-01`);

/** With its weekday. @param text YYYY-MM-DD */
export const formatWeekday = (text: string): string => formatDate(weekday, text);

function formatDate(format: Intl.DateTimeFormat, text: string): string {
  const date = new Date(`${text}T00:00:00Z`);
  return Number.isNaN(date.valueOf()) ? text : format.format(date);
}

/** How long a search took: 0.04 s. */
export const formatSeconds = (seconds: number): string => precise.format(seconds);

/** A rough duration: seconds below a minute and a half, minutes below 90, then hours. */
export function formatDuration(seconds: number): string {
  if (seconds < 90) return unit('second').format(Math.max(1, Math.round(seconds)));
  if (seconds < 90 * 60) return unit('minute').format(Math.round(seconds / 60));
  return unit('hour').format(Math.round(seconds / 3600));
}
