import type * as ort from 'onnxruntime-node';
import type { Rectangle } from './min-area-rectangle.ts';
import { holds } from './min-area-rectangle.ts';
import type { Area, RgbImage } from './rgb-image.ts';
import { mapText } from './text-detector.ts';
import { type TextRegion, textRegions } from './text-regions.ts';

/** Belief above which a pixel counts as text, and above which text may be there that a closer look would show. */
const TEXT = 0.3;
const MAYBE_TEXT = 0.15;

/** Least mean belief of a region that is read. */
export const MIN_BELIEF = 0.5;

/** Lines at least this high on the map have edges precise enough for the recogniser, px. */
const CLEAR_HEIGHT = 20;

/** The ratio by which PaddleOCR grows regions. */
const UNCLIP = 1.6;

/** More regions in one area are texture: only the surest are kept. */
const MOST_REGIONS = 600;

export type Sighting = {
  /** Large and sure enough to be read, px of the image. */
  readonly clear: readonly TextRegion[];
  /** What a closer look may show, px of the image. */
  readonly unclear: readonly TextRegion[];
};

/**
 * Looks for text in an area of the image at a scale.
 * @param scale px that the detector sees for each px of the image
 */
export async function searchText(
  detector: ort.InferenceSession,
  image: RgbImage,
  area: Area,
  scale: number,
  shouldStop: () => boolean,
): Promise<Sighting> {
  const map = await mapText(detector, image, area, scale, shouldStop);
  const clear = textRegions(map, { threshold: TEXT, minScore: MIN_BELIEF, unclip: UNCLIP }).filter(
    ({ rectangle: { width, height } }) => Math.min(width, height) >= CLEAR_HEIGHT,
  );
  const unclear = textRegions(map, { threshold: MAYBE_TEXT, minScore: 0, unclip: UNCLIP }).filter(
    ({ rectangle }) => !clear.some(other => holds(other.rectangle, rectangle)),
  );
  const placed = ({ score, rectangle }: TextRegion): TextRegion => ({
    score,
    rectangle: inImage(rectangle, area, area.width / map.width, area.height / map.height),
  });
  return { clear: surest(clear).map(placed), unclear: surest(unclear).map(placed) };
}

const surest = (regions: readonly TextRegion[]): TextRegion[] =>
  regions.toSorted((a, b) => b.score - a.score).slice(0, MOST_REGIONS);

const inImage = (rectangle: Rectangle, area: Area, alongX: number, alongY: number): Rectangle => ({
  x: area.left + rectangle.x * alongX,
  y: area.top + rectangle.y * alongY,
  width: rectangle.width * alongX,
  height: rectangle.height * alongY,
  angle: rectangle.angle,
});
