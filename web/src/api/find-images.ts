import { parseQueryText } from '../state/query-text.ts';
import type { Reference } from '../state/reference.ts';
import type { Filters, SearchState, Shape } from '../state/search-state.ts';
import { t } from '../ui/messages.ts';
import type { QueryBody } from './types.ts';

/** preferred_ratio and ratio_tolerance keep r(1−t) … r(1+t); these make 1.1 and wider, 0.91 and taller, about 1. */
export const SHAPE_RATIOS: Readonly<Record<Shape, { preferred_ratio: number; ratio_tolerance: number }>> = {
  landscape: { preferred_ratio: 10, ratio_tolerance: 0.89 },
  portrait: { preferred_ratio: 0.48, ratio_tolerance: 0.9 },
  square: { preferred_ratio: 1, ratio_tolerance: 0.1 },
};

/** One of the things that a search asks for, as it is sent and as it is called. */
type Criterion = {
  readonly criterion: NonNullable<QueryBody['criteria']>[number];
  readonly name: string;
};

/**
 * The search as POST /search/query takes it. Criteria that name a file do so by its place in `filesOf`.
 */
export function queryOf(state: SearchState): QueryBody {
  const { words } = parseQueryText(state.text);
  return {
    criteria: criteriaOf(state).map(({ criterion }) => criterion),
    ...(words ? { words } : {}),
    basis: state.basis === 'both' ? ['vision', 'ocr'] : [state.basis],
  };
}

/** What the criteria of `queryOf` are called, in their order. */
export const criteriaNames = (state: SearchState): string[] => criteriaOf(state).map(({ name }) => name);

function criteriaOf({ text, textWeight, references }: SearchState): Criterion[] {
  const { meaning, without } = parseQueryText(text);
  const files = filesOf(references);
  return [
    ...(meaning ? [{ criterion: { text: meaning, ...weightOf(textWeight) }, name: meaning }] : []),
    ...references.map(reference => ({
      criterion: {
        ...(files.includes(reference) ? { file: files.indexOf(reference) } : { id: reference.key }),
        ...(reference.region ? { region: reference.region } : {}),
        ...weightOf(reference.weight),
      },
      name: referenceName(reference),
    })),
    ...without.map(unwanted => ({ criterion: { text: unwanted, weight: -1 }, name: `−${unwanted}` })),
  ];
}

/** The references that are sent as files: those of this tab. */
export const filesOf = (references: readonly Reference[]): Reference[] =>
  references.filter(({ kind }) => kind === 'file');

const weightOf = (weight: number) => (weight === 1 ? {} : { weight });

export function referenceName({ kind, weight, region }: Reference): string {
  const name = region ? t.regionOfImage : kind === 'file' ? t.theDroppedImage : t.likeThese;
  return weight < 0 ? `−${name}` : name;
}

/** Filters as the API names them. */
export function filterOf(filters: Filters) {
  return {
    ...(filters.starred ? { starred: true } : {}),
    ...(filters.categories.length > 0 ? { categories: filters.categories.join(',') } : {}),
    ...(filters.without.length > 0 ? { categories_negative: filters.without.join(',') } : {}),
    ...(filters.formats.length > 0 ? { formats: filters.formats.join(',') } : {}),
    ...(filters.minSize ? { min_width: filters.minSize, min_height: filters.minSize } : {}),
    ...(filters.shape ? SHAPE_RATIOS[filters.shape] : {}),
    ...(filters.from ? { date_from: filters.from } : {}),
    ...(filters.to ? { date_to: filters.to } : {}),
    ...(filters.folder ? { folders: filters.folder } : {}),
    ...(filters.camera ? { cameras: filters.camera } : {}),
    ...(filters.lens ? { lenses: filters.lens } : {}),
  };
}
