import type { Image } from '../api/types.ts';
import type { Decided } from './duplicate-group.tsx';
import { suggestKeeper } from './keeper.ts';

/** By id whether an image is to go, where the user decided otherwise than is suggested for its group. */
export type Decisions = ReadonlyMap<string, boolean>;

/**
 * The group with what is to stay first: as the user decided, else all but the suggested one are to go. What joined a
 * group after the user decided stays; where all that were to stay are gone, it is decided anew.
 */
export function decide(images: readonly Image[], decisions: Decisions): Decided {
  const key = images.map(({ id }) => id).join(' ');
  const keeper = suggestKeeper(images);
  const isDecided =
    images.some(({ id }) => decisions.has(id)) && !images.every(({ id }) => decisions.get(id));
  const going = new Set(
    images.flatMap(image => ((isDecided ? decisions.get(image.id) : image !== keeper) ? [image.id] : [])),
  );
  const keep = images.filter(({ id }) => !going.has(id));
  return {
    key,
    images,
    keep: keeper && keep.includes(keeper) ? [keeper, ...keep.filter(image => image !== keeper)] : keep,
    trash: images.filter(({ id }) => going.has(id)),
  };
}
