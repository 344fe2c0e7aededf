import type { Image } from '../api/types.ts';

/** Why an image of a group of duplicates should be the one that stays. */
export type KeeperReason = 'starred' | 'annotated' | 'largest' | 'oldest';

/** What has to be known of an image to judge it. */
export type Candidate = Pick<
  Image,
  | 'id'
  | 'width'
  | 'height'
  | 'bytes'
  | 'starred'
  | 'categories'
  | 'comments'
  | 'taken_at'
  | 'index_date'
  | 'local'
  | 'path'
  | 'name'
>;

/** The number of an image's annotations: each category, and a note, count one. */
const annotationsOf = ({ categories, comments }: Candidate): number =>
  (categories?.length ?? 0) + (comments?.trim() ? 1 : 0);

const pixels = ({ width, height }: Candidate): number => width * height;
const age = ({ taken_at, index_date }: Candidate): number => -Date.parse(taken_at ?? index_date);

/** Higher is better, the first difference decides: annotations count more than the file. */
const MERITS: readonly (readonly [KeeperReason, (image: Candidate) => number])[] = [
  ['starred', image => Number(image.starred)],
  ['annotated', annotationsOf],
  ['largest', pixels],
  ['largest', image => image.bytes],
  ['oldest', age],
];

/** The image of a group that is best kept; of equals the one with the lowest id, so that it is always the same. */
export function suggestKeeper<T extends Candidate>(group: readonly T[]): T | undefined {
  return [...group].sort((a, b) => {
    for (const [, merit] of MERITS) {
      const difference = merit(b) - merit(a);
      if (difference !== 0) return difference;
    }
    return a.id < b.id ? -1 : 1;
  })[0];
}

/** The reasons by which an image is ahead of all others of its group. */
export function reasonsFor(image: Candidate, group: readonly Candidate[]): KeeperReason[] {
  const others = group.filter(({ id }) => id !== image.id);
  const reasons = MERITS.filter(([, merit]) => others.every(other => merit(image) > merit(other)));
  return [...new Set(reasons.map(([reason]) => reason))];
}

/** The change of the keeper's annotations by which none of the others' is lost; null where it has all of them. */
export function inheritance(keeper: Candidate, others: readonly Candidate[]) {
  const own = keeper.categories ?? [];
  const categories = [...new Set(others.flatMap(other => other.categories ?? []))].filter(
    name => !own.includes(name),
  );
  const notes = [keeper, ...others].map(({ comments }) => comments?.trim() ?? '').filter(note => note !== '');
  const comments = [...new Set(notes)].join('\n\n');
  const change = {
    ...(others.some(({ starred }) => starred) && !keeper.starred ? { starred: true } : {}),
    ...(categories.length > 0 ? { add_categories: categories } : {}),
    ...(comments !== (keeper.comments?.trim() ?? '') ? { comments } : {}),
  };
  return Object.keys(change).length > 0 ? change : null;
}

/** The library may only delete uploads; images in the user's folder belong to the user. */
export const isDeletable = ({ local, path }: Candidate): boolean => local && path === null;

/** The groups as a table for people who delete by hand: one line a duplicate, beside the file that stays. */
export function exportTable(
  groups: readonly { readonly keep: readonly Candidate[]; readonly trash: readonly Candidate[] }[],
): string {
  const rows = groups.flatMap(({ keep, trash }) =>
    trash.map(image => [fileOf(image), fileOf(keep[0]), String(image.bytes)]),
  );
  return [['duplicate', 'kept', 'bytes'], ...rows].map(row => row.map(quote).join(',')).join('\r\n');
}

const fileOf = (image: Candidate | undefined): string => image?.path ?? image?.name ?? image?.id ?? '';

/** As RFC 4180 has it. A text that a spreadsheet would run as a formula is kept from it by an apostrophe. */
function quote(value: string): string {
  const safe = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
