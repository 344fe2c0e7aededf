import type { Hit } from '../api/types.ts';

/**
 * What a grid has to remember of the images that it has seen in order to lay them out again: their order, ids
 * and proportions. It is small, so it is kept for all of them, while the images themselves may be forgotten.
 */

/** Images in a row that share a heading: those of a day, or those that fit a search equally well. */
export type Run = { readonly name: string; readonly count: number };

/** Images that are fetched in one request. */
export type PartShape = {
  /** Where the request begins; null at the start of the section. */
  readonly cursor: string | null;
  /** Where the next part begins; null at the end of the section. */
  readonly next: string | null;
  readonly ids: readonly string[];
  /** Width / height of each image. */
  readonly ratios: readonly number[];
  readonly runs: readonly Run[];
};

/** A stretch of a listing that is fetched by itself, from its beginning: a month, or all that a search finds. */
export type Section = {
  readonly key: string;
  /** YYYY-MM where the section is a month. */
  readonly month: string | null;
  /** How many images it has; null where that is unknown until its end is loaded. */
  readonly count: number | null;
};

export type SectionShape = {
  readonly parts: readonly PartShape[];
  readonly ids: readonly string[];
  readonly ratios: readonly number[];
  readonly runs: readonly Run[];
  /** Where the next part begins; null when all is known. */
  readonly next: string | null;
  readonly complete: boolean;
};

export const NO_SHAPE: SectionShape = {
  parts: [],
  ids: [],
  ratios: [],
  runs: [],
  next: null,
  complete: false,
};

/** The shape of hits as they came. @param headings which each of them stands under; '' for none */
export function shapeOf(
  cursor: string | null,
  hits: readonly Hit[],
  next: string | null,
  headings: readonly string[],
): PartShape {
  return {
    cursor,
    next,
    ids: hits.map(({ img }) => img.id),
    // Three digits place a tile to the pixel, and a long listing stays small where it is stored.
    ratios: hits.map(({ img }) => Math.round((1000 * img.width) / Math.max(1, img.height)) / 1000),
    runs: joinRuns(headings.map(name => ({ name, count: 1 }))),
  };
}

/**
 * The section with this part in its place: after the last one, or instead of one that begins at the same
 * cursor. An image that an earlier part has already (one indexed in between shifts the rest) is left out.
 */
export function withPart(section: SectionShape, part: PartShape): SectionShape {
  const at = section.parts.findIndex(({ cursor }) => cursor === part.cursor);
  const expected = section.parts.length === 0 ? null : section.next;
  if (at === -1 && part.cursor !== expected) return section;
  const before = at === -1 ? section.parts : section.parts.slice(0, at);
  const own = without(part, new Set(before.flatMap(({ ids }) => ids)));
  if (at !== -1 && sameShape(section.parts[at], own)) return section;
  // What follows still does where this part ends as before.
  const after = at !== -1 && section.parts[at]?.next === part.next ? section.parts.slice(at + 1) : [];
  return joinParts([...before, own, ...after]);
}

export function joinParts(parts: readonly PartShape[]): SectionShape {
  const last = parts.at(-1);
  if (!last) return NO_SHAPE;
  return {
    parts,
    ids: parts.flatMap(({ ids }) => ids),
    ratios: parts.flatMap(({ ratios }) => ratios),
    runs: joinRuns(parts.flatMap(({ runs }) => runs)),
    next: last.next,
    complete: last.next === null,
  };
}

/** Cursors of the parts that hold the images from `start` to `end`, the latter not included. */
export function partsBetween(section: SectionShape, start: number, end: number): (string | null)[] {
  const cursors: (string | null)[] = [];
  let first = 0;
  for (const { ids, cursor } of section.parts) {
    if (first < end && first + ids.length > start) cursors.push(cursor);
    first += ids.length;
    if (first >= end) break;
  }
  return cursors;
}

function joinRuns(runs: readonly Run[]): Run[] {
  const joined: Run[] = [];
  for (const run of runs) {
    const last = joined.at(-1);
    if (last?.name === run.name)
      joined[joined.length - 1] = { name: run.name, count: last.count + run.count };
    else if (run.count > 0) joined.push(run);
  }
  return joined;
}

/** The part without these images. */
export function without(part: PartShape, taken: ReadonlySet<string>): PartShape {
  if (!part.ids.some(id => taken.has(id))) return part;
  const names = part.runs.flatMap(({ name, count }) => Array.from({ length: count }, () => name));
  const kept = part.ids.flatMap((id, i) => (taken.has(id) ? [] : [i]));
  return {
    ...part,
    ids: kept.map(i => part.ids[i]!),
    ratios: kept.map(i => part.ratios[i]!),
    runs: joinRuns(kept.map(i => ({ name: names[i]!, count: 1 }))),
  };
}

const sameShape = (a: PartShape | undefined, b: PartShape): boolean =>
  a !== undefined &&
  a.next === b.next &&
  a.ids.length === b.ids.length &&
  a.ids.every((id, i) => id === b.ids[i] && a.ratios[i] === b.ratios[i]) &&
  a.runs.length === b.runs.length &&
  a.runs.every((run, i) => run.name === b.runs[i]?.name && run.count === b.runs[i]?.count);
