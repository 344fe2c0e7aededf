import { holds, type Rectangle } from './min-area-rectangle.ts';
import { isSure, type ReadLine, substance } from './read-line.ts';

/** What was read off one image. */
export type Reading = {
  readonly lines: readonly ReadLine[];
  /** Lines that were seen but not read, as those of a script that the recogniser doesn't know. */
  readonly unread: readonly Rectangle[];
  readonly stopped: boolean;
};

/** Whether two rectangles hold the same line. */
const isSamePlace = (a: Rectangle, b: Rectangle): boolean => holds(a, b) || holds(b, a);

/** Several readings of one image as one: each line as it was read best, none twice. */
export function mergeReadings(readings: readonly Reading[]): Reading {
  const lines: ReadLine[] = [];
  for (const line of readings.flatMap(reading => reading.lines).toSorted(betterFirst)) {
    if (!lines.some(other => isSamePlace(other.rectangle, line.rectangle))) lines.push(line);
  }
  const unread: Rectangle[] = [];
  for (const rectangle of readings.flatMap(reading => reading.unread)) {
    const isRead = lines.some(line => isSamePlace(line.rectangle, rectangle));
    if (!isRead && !unread.some(other => isSamePlace(other, rectangle))) unread.push(rectangle);
  }
  return { lines, unread, stopped: readings.some(reading => reading.stopped) };
}

/**
 * Where no fewer lines were seen than read that hold no letters known, what was read without certainty is likely in
 * the same script, as Thai that comes out as a line of accented vowels: it counts as unread, too.
 */
export function inKnownScript(reading: Reading): Reading {
  const { lines, unread } = reading;
  if (unread.length < lines.length) return reading;
  return {
    ...reading,
    lines: lines.filter(isSure),
    unread: [...unread, ...lines.filter(line => !isSure(line)).map(line => line.rectangle)],
  };
}

const betterFirst = (a: ReadLine, b: ReadLine): number =>
  Number(isSure(b)) - Number(isSure(a)) || substance(b) - substance(a);
