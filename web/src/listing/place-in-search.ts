import { type Reference, referenceId } from '../state/reference.ts';

/** Where a part of a search begins, and the references that it is found without. */
export type PlaceInSearch = { readonly skip: number; readonly without: readonly Reference[] };

const WITHOUT = ' without ';

/** `SKIP`, or `SKIP without 0,2` with the places of references in the search. */
export function formatPlace({ skip, without }: PlaceInSearch, references: readonly Reference[]): string {
  const ids = new Set(without.map(referenceId));
  const places = [...references.keys()].filter(at => ids.has(referenceId(references[at]!)));
  return places.length === 0 ? String(skip) : `${skip}${WITHOUT}${places.join(',')}`;
}

/** @param cursor as `formatPlace` made it for these references; null for the beginning of the search */
export function parsePlace(cursor: string | null, references: readonly Reference[]): PlaceInSearch {
  const [skip = '0', places] = (cursor ?? '0').split(WITHOUT);
  const without = places?.split(',').flatMap(place => references[Number(place)] ?? []) ?? [];
  return { skip: Number(skip), without };
}
