import type { Transcript } from './ctc.ts';
import { brightestChannel, cropLine, type LineInput, type QuarterTurns, turnedAround } from './line-crop.ts';
import { recognizeLine } from './line-recognizer.ts';
import { elongation, type Rectangle } from './min-area-rectangle.ts';
import type { OcrModels } from './ocr-models.ts';
import type { RgbImage } from './rgb-image.ts';
import { tokenize } from './tokens.ts';

export type ReadLine = Transcript & {
  /** Its place in the image, px. */
  readonly rectangle: Rectangle;
  readonly turns: QuarterTurns;
};

/** Rectangles so many times as high as wide hold a line that runs up or down, or a column of characters. */
const TALL = 1.5;

/** Below this score a line may stand on its head. */
const UPRIGHT = 0.85;

/** A line with a character below this is read again. */
const CERTAIN = 0.9;

/**
 * Other ways to see a line: by its brightest channel, in which coloured things behind light letters are even; so many
 * times as thick, since what stands beside a line disturbs its reading.
 */
const OTHER_SIGHTS = ['brightest channel', 0.8, 1.12] as const;

/** Another reading is not better when it has fewer characters than this share of those read before. */
const AS_LONG = 0.8;

/** Reads that are worth comparing with others have this score and more characters than this. */
const WORTHWHILE = 0.5;
const FEW = 2;

/**
 * Reads the line in a rectangle, whichever way it runs: a page that was turned by quarters has lines that run up,
 * down or backwards; the recogniser also reads columns of Chinese and Japanese as lines that run down.
 * @param page how most lines of the image run, which decides where the rectangle does not
 */
export async function readLine(
  models: OcrModels,
  image: RgbImage,
  rectangle: Rectangle,
  page: QuarterTurns,
): Promise<ReadLine> {
  const isTall = isTallOn(page, rectangle);
  const [usual, opposite] = waysOf(isTall, page);
  const recognize = async (input: LineInput, turns: QuarterTurns): Promise<ReadLine> => ({
    ...(await recognizeLine(models, input)),
    rectangle,
    turns,
  });
  let input = cropLine(image, rectangle, usual);
  let best = await recognize(input, usual);
  if (best.score < UPRIGHT || isSparse(best)) {
    const around = turnedAround(input);
    const other = await recognize(around, opposite);
    if (other.score >= UPRIGHT && substance(other) > substance(best)) [input, best] = [around, other];
  }
  for (const sight of OTHER_SIGHTS) {
    const isWorthwhile = best.score > WORTHWHILE && [...best.text].length > FEW;
    if (!isWorthwhile || best.least >= CERTAIN) break;
    const seen =
      sight === 'brightest channel'
        ? brightestChannel(input)
        : cropLine(image, ofThickness(rectangle, isTall, sight), best.turns);
    const other = await recognize(seen, best.turns);
    if (other.score > best.score && [...other.text].length >= AS_LONG * [...best.text].length) best = other;
  }
  return best;
}

function ofThickness(rectangle: Rectangle, isTall: boolean, factor: number): Rectangle {
  return isTall
    ? { ...rectangle, width: rectangle.width * factor }
    : { ...rectangle, height: rectangle.height * factor };
}

function isTallOn(page: QuarterTurns, { width, height }: Rectangle): boolean {
  if (height > TALL * width) return true;
  return page % 2 === 1 && TALL * height > width;
}

/** How a line may run, the likelier way first. */
function waysOf(isTall: boolean, page: QuarterTurns): [QuarterTurns, QuarterTurns] {
  if (isTall) return page === 1 ? [1, 3] : [3, 1];
  return page === 2 ? [2, 0] : [0, 2];
}

/** How most lines run, by their length; 0 without lines. */
export function pageTurns(lines: readonly ReadLine[]): QuarterTurns {
  const lengths = [0, 0, 0, 0];
  for (const { turns, rectangle } of lines) lengths[turns]! += Math.max(rectangle.width, rectangle.height);
  return QUARTER_TURNS.find(turns => lengths[turns] === Math.max(...lengths)) ?? 0;
}

const QUARTER_TURNS: readonly QuarterTurns[] = [0, 1, 2, 3];

/** Where a line runs, radians clockwise from rightwards. */
export const directionOf = ({ rectangle, turns }: ReadLine): number =>
  rectangle.angle - (turns * Math.PI) / 2;

/** How much was read: characters by how far each is from a guess. */
export const substance = ({ text, score }: Transcript): number => [...text].length * (score - 0.5);

/** A line whose reading no closer look would better. */
export const isSure = (line: ReadLine): boolean => line.score >= 0.9 && line.least >= 0.5 && isLegible(line);

/**
 * Least score of a line with no, one, two, … letters: below it the recogniser mostly imagines them in texture, and
 * the fewer the more easily (bench/ocr).
 */
const MIN_SCORES = [Number.POSITIVE_INFINITY, 0.97, 0.9, 0.9, 0.75, 0.7];

/** Whether what was read is likely to stand there. */
export function isLegible(line: ReadLine): boolean {
  const letters = lettersOf(line);
  return line.score >= (MIN_SCORES[letters] ?? MIN_SCORES.at(-1) ?? 0) && !isSparse(line);
}

/** How many different letters and digits: eyes and windows are easily seen as 0.0 or 1111. */
const lettersOf = ({ text }: Transcript): number =>
  new Set(tokenize(text).flatMap(token => [...token.text])).size;

const isChinese = ({ text }: Transcript): boolean => tokenize(text).some(token => token.cjk);

/** So little as is easily seen in a thing: a Chinese character, or one or two letters or digits. */
const isShort = (line: ReadLine): boolean => lettersOf(line) <= (isChinese(line) ? 1 : 2);

/** Least score of a short line where there is no longer one. */
const ALONE = 0.99;

/**
 * The lines without short ones that are likelier imagined: those that stand alone, unless they are certain, and all
 * where more could not be read than could, as in a script that the recogniser doesn't know.
 * @param illegible places in which nothing legible was read
 */
export function withoutImagined(lines: readonly ReadLine[], illegible: number): ReadLine[] {
  const isLong = (line: ReadLine) => !isShort(line);
  const isCertain = (line: ReadLine) => line.score >= ALONE && (isChinese(line) || lettersOf(line) > 1);
  if (illegible > lines.length)
    return lines.filter(line => isLong(line) || (isChinese(line) && isCertain(line)));
  return lines.some(isLong) ? [...lines] : lines.filter(isCertain);
}

/** A character is at most so many times as wide as its line is high, gaps included. */
const WIDEST_CHARACTER = 2.5;

/**
 * Fewer characters than letters could stand there: scripts that the recogniser doesn't know (Korean, Cyrillic,
 * Arabic, Thai) come out as blanks with a character here and there, and so does texture.
 */
export const isSparse = ({ text, rectangle }: ReadLine): boolean =>
  [...text].length < elongation(rectangle) / WIDEST_CHARACTER;
