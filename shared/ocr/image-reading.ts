import { closerAreas } from './closer-areas.ts';
import { elongation, holds, type Rectangle } from './min-area-rectangle.ts';
import type { OcrModels } from './ocr-models.ts';
import { isLegible, isSure, pageTurns, type ReadLine, readLine, withoutImagined } from './read-line.ts';
import { inKnownScript, mergeReadings, type Reading } from './reading.ts';
import type { Area, RgbImage } from './rgb-image.ts';
import type { TextRegion } from './text-regions.ts';
import { MIN_BELIEF, searchText } from './text-search.ts';

/**
 * The first look sees an image at this scale, as far as it is so many px: enough to see whether there may be words,
 * and to read large ones.
 */
const FIRST_LOOK_SCALE = 0.4;
const FIRST_LOOK_PIXELS = { least: 98_304, most: 600_000 };

/** How much closer the second look is; it sees the whole image, since where small print was seen more may be. */
const STEP = 1.8;

/** The last look sees the areas where lines are still unclear, at a scale at which they are so high, px. */
const WANTED_HEIGHT = 36;

/** The closest look. */
const LARGEST_SCALE = 1.5;

/** px of a look that an area shows beyond its lines. */
const MARGIN = 8;

/** What is so many times as long as high looks like a line of words, and not like a thing. */
const LINE_LIKE = 1.8;

/** Belief with which a look must see an unclear line for another look. */
const WORTH_A_LOOK = 0.3;

/** Belief and shape of what is counted as a line though it could not be read. */
const UNREAD_BELIEF = 0.7;
const UNREAD_ELONGATION = 3;

/**
 * Reads an image in up to three looks, each closer than the one before: what is large and clear is read at once,
 * the detector's time goes where lines are small or faint, and images without words cost a single small look.
 */
export async function readImage(
  models: OcrModels,
  image: RgbImage,
  shouldStop: () => boolean,
): Promise<Reading> {
  let stopped = false;
  const isStopped = (): boolean => {
    stopped ||= shouldStop();
    return stopped;
  };
  const sure: ReadLine[] = [];
  const doubtful: { readonly line: ReadLine; readonly belief: number }[] = [];

  /** Looks at an area; returns what is to be looked at more closely, and whether that is worth its time. */
  async function look(area: Area, scale: number, isLast: boolean) {
    const { clear, unclear } = await searchText(models.detection, image, area, scale, isStopped);
    const known = sure.map(line => line.rectangle);
    const isKnown = (rectangle: Rectangle) => known.some(other => holds(other, rectangle));
    const closer: Rectangle[] = [];
    let isWorthwhile = false;
    for (const { rectangle, score } of unclear) {
      if (score < WORTH_A_LOOK || isKnown(rectangle)) continue;
      const isLineLike = elongation(rectangle) > LINE_LIKE;
      // An area that is neither like a line nor small shows nothing new at a larger scale.
      if (isLineLike || scale * thickness(rectangle) < WANTED_HEIGHT) closer.push(rectangle);
      isWorthwhile ||= isLineLike;
    }
    for (const { rectangle, score } of longestFirst(isLast ? [...clear, ...unclear] : clear)) {
      if (isStopped()) break;
      if (score < MIN_BELIEF || isKnown(rectangle)) continue;
      const line = await readLine(models, image, rectangle, pageTurns(sure));
      if (isSure(line)) {
        sure.push(line);
        continue;
      }
      doubtful.push({ line, belief: score });
      if (elongation(rectangle) <= LINE_LIKE) continue;
      closer.push(rectangle);
      isWorthwhile = true;
    }
    return { closer, isWorthwhile };
  }

  const whole = { left: 0, top: 0, width: image.width, height: image.height };
  const pixels = image.width * image.height;
  const firstScale = Math.min(
    1,
    Math.max(Math.sqrt(FIRST_LOOK_PIXELS.least / pixels), FIRST_LOOK_SCALE),
    Math.sqrt(FIRST_LOOK_PIXELS.most / pixels),
  );
  const first = await look(whole, firstScale, false);
  if (first.isWorthwhile && !stopped) {
    const scale = Math.min(LARGEST_SCALE, STEP * firstScale);
    const second = await look(whole, scale, false);
    for (const { area, lineHeight } of closerAreas(second.closer, image, MARGIN / scale)) {
      if (isStopped()) break;
      await look(area, Math.min(LARGEST_SCALE, Math.max(scale, WANTED_HEIGHT / lineHeight)), true);
    }
  }

  const legible = doubtful.map(({ line }) => line).filter(isLegible);
  const unread = doubtful
    .filter(({ line, belief }) => belief >= UNREAD_BELIEF && elongation(line.rectangle) >= UNREAD_ELONGATION)
    .map(({ line }) => line.rectangle);
  const merged = mergeReadings([
    { lines: sure, unread: [], stopped },
    { lines: legible, unread, stopped },
  ]);
  const known = inKnownScript(merged);
  return {
    ...known,
    lines: withoutImagined(known.lines, doubtful.length - legible.length),
  };
}

const thickness = ({ width, height }: Rectangle): number => Math.min(width, height);

/** So that the direction of the page is known when lines are read whose shape does not show it. */
const longestFirst = (regions: readonly TextRegion[]): TextRegion[] =>
  regions.toSorted((a, b) => elongation(b.rectangle) - elongation(a.rectangle));
