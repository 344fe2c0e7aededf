import type { ImageFormat } from '../catalog/formats.ts';
import { phraseOf } from '../ocr/tokens.ts';
import type { Condition, Filter } from '../vectors/filter.ts';

/** What a search can be narrowed by; all that is given must hold. */
export type SearchFilters = {
  /** Width by height; kept are images within ± ratio_tolerance (a share of it, default 0.1). */
  readonly preferred_ratio?: number | undefined;
  readonly ratio_tolerance?: number | undefined;
  /** px; 0 and less: no filter. */
  readonly min_width?: number | undefined;
  readonly min_height?: number | undefined;
  readonly starred?: boolean | undefined;
  /** Any of them; an empty list matches nothing. */
  readonly categories?: readonly string[] | undefined;
  /** None of them; images without categories stay. */
  readonly categories_negative?: readonly string[] | undefined;
  /** When it was taken, by the clock of the place: a date, whose whole day counts, or a date and time. */
  readonly date_from?: string | undefined;
  readonly date_to?: string | undefined;
  readonly formats?: readonly ImageFormat[] | undefined;
  /** Words of the file's name, in sequence; without any letter or digit it matches nothing. */
  readonly name?: string | undefined;
  /** Images in any of these folders or below, as keys name them. */
  readonly folders?: readonly string[] | undefined;
  readonly cameras?: readonly string[] | undefined;
  readonly lenses?: readonly string[] | undefined;
};

const DEFAULT_TOLERANCE = 0.1;

/** The filter that the index understands; undefined where there is no condition. */
export function toFilter(filters: SearchFilters): Filter | undefined {
  const must: Condition[] = [];
  const mustNot: Condition[] = [];
  const { preferred_ratio: ratio, ratio_tolerance: tolerance = DEFAULT_TOLERANCE } = filters;
  if (ratio !== undefined) {
    must.push({
      key: 'aspect_ratio',
      range: { gte: ratio * (1 - tolerance), lte: ratio * (1 + tolerance) },
    });
  }
  if (filters.min_width !== undefined && filters.min_width > 0)
    must.push({ key: 'width', range: { gte: filters.min_width } });
  if (filters.min_height !== undefined && filters.min_height > 0)
    must.push({ key: 'height', range: { gte: filters.min_height } });
  if (filters.starred !== undefined) must.push({ key: 'starred', match: { value: filters.starred } });
  if (filters.categories) must.push({ key: 'categories', match: { any: [...filters.categories] } });
  if (filters.categories_negative?.length)
    mustNot.push({ key: 'categories', match: { any: [...filters.categories_negative] } });
  for (const [key, values] of [
    ['folders', filters.folders?.map(folder => folder.replace(/^\/+|\/+$/g, ''))],
    ['camera', filters.cameras],
    ['lens', filters.lenses],
  ] as const)
    if (values) must.push({ key, match: { any: [...values] } });
  if (filters.name !== undefined)
    must.push({ key: 'name_phrase', match: { phrase: phraseOf(filters.name) } });
  if (filters.formats) must.push({ key: 'format', match: { any: [...filters.formats] } });
  const taken = takenRange(filters.date_from, filters.date_to);
  if (taken) must.push({ key: 'taken_local', range: taken });
  return combine(must, mustNot);
}

/** Both filters at once. */
export function both(a: Filter | undefined, b: Filter | undefined): Filter | undefined {
  if (!a || !b) return a ?? b;
  return combine([a, b], []);
}

/** Leaves out these images. */
export const without = (ids: readonly string[]): Filter | undefined =>
  ids.length === 0 ? undefined : { must_not: [{ has_id: [...ids] }] };

function combine(must: Condition[], mustNot: Condition[]): Filter | undefined {
  if (must.length === 0 && mustNot.length === 0) return undefined;
  return {
    ...(must.length > 0 ? { must } : {}),
    ...(mustNot.length > 0 ? { must_not: mustNot } : {}),
  };
}

const DATE_ALONE = /^\d{4}-\d{2}-\d{2}$/;

/** Of the clock of the place: an offset that is given says nothing of it. */
function takenRange(from: string | undefined, to: string | undefined) {
  if (from === undefined && to === undefined) return undefined;
  return {
    ...(from === undefined ? {} : { gte: clock(from, '00:00:00.000') }),
    ...(to === undefined ? {} : { lte: clock(to, '23:59:59.999') }),
  };
}

function clock(text: string, otherwise: string): string {
  if (DATE_ALONE.test(text)) return `${text}T${otherwise}Z`;
  const local = text.replace(/(?:Z|[+-]\d\d:\d\d)$/i, '').replace(/[t ]/i, 'T');
  return `${local}${local.length === 16 ? ':00' : ''}Z`;
}
