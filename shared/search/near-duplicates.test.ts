import { afterEach, describe, expect, test } from 'vitest';
import type { Point } from '../vectors/vector-index.ts';
import { type DuplicateGroup, duplicateGroups, groupOf } from './near-duplicates.ts';
import { idOf, imageAt, openTestIndex, type TestIndex } from './testing-index.ts';

let index: TestIndex;
afterEach(() => index.drop());

const hashed = (n: number, vision: readonly number[], dhash: string): Point =>
  imageAt(n, { vision }, { dhash });

const members = (groups: readonly (DuplicateGroup | null)[]): string[][] =>
  groups.map(group => group?.images.map(({ id }) => id) ?? []);

/** 1–2–3 are a chain whose ends share no band; 4 and 5 look alike but are other things; 6 and 7 are a pair. */
const LIBRARY = [
  hashed(1, [1, 0, 0, 0], '0000000000000000'),
  hashed(2, [1, 0.05, 0, 0], '00000000000f000f'),
  hashed(3, [1, 0.1, 0, 0], '000f000f000f000f'),
  hashed(4, [0, 1, 0, 0], 'aaaaaaaaaaaaaaaa'),
  hashed(5, [0, 0, 1, 0], 'aaaaaaaaaaaaaaaa'),
  hashed(6, [0, 0, 0, 1], 'bbbbbbbbbbbbbbbb'),
  hashed(7, [0, 0, 0.01, 1], 'bbbbbbbbbbbbbbbb'),
  hashed(8, [1, 0, 0, 0], 'ffffffffffffffff'),
];

test('groups join what is near by way of another, and not what only hashes or only means the same', async () => {
  index = await openTestIndex(LIBRARY);
  const { groups, next } = await duplicateGroups(index, { count: 10 });
  expect(members(groups)).toEqual([[1, 2, 3].map(idOf), [6, 7].map(idOf)]);
  expect(next).toBeNull();
  expect(groups[0]?.images[0]?.similarity).toBeCloseTo(1, 6);
});

describe('what looks the same', () => {
  /** At this cosine to [1, 0, 0, 0]. */
  const at = (n: number, cosine: number, dhash: string) =>
    hashed(n, [cosine, Math.sqrt(1 - cosine ** 2), 0, 0], dhash);
  const pairs: [string, Point, boolean][] = [
    ['a cosine just above .96', at(2, 0.9605, '0000000000000000'), true],
    ['a cosine just below .96', at(2, 0.9595, '0000000000000000'), false],
    ['12 bits of the hash, in three bands', at(2, 0.99, '000f000f000f0000'), true],
    ['13 bits of the hash, in three bands', at(2, 0.99, '000f000f001f0000'), false],
    ['four bits, one in each band', at(2, 0.99, '0001000100010001'), false],
  ];
  test.each(pairs)('%s', async (_, other, same) => {
    index = await openTestIndex([hashed(1, [1, 0, 0, 0], '0000000000000000'), other]);
    expect((await groupOf(index, idOf(1))) !== null).toBe(same);
  });
});

test('from whichever member it is the same group', async () => {
  index = await openTestIndex(LIBRARY);
  for (const n of [1, 2, 3]) expect(members([await groupOf(index, idOf(n))])).toEqual([[1, 2, 3].map(idOf)]);
  expect(await groupOf(index, idOf(4))).toBeNull();
  await expect(groupOf(index, idOf(99))).rejects.toMatchObject({ code: 'not_found' });
});

test('pages give every group once', async () => {
  index = await openTestIndex(LIBRARY);
  const groups: DuplicateGroup[] = [];
  let offset: string | undefined;
  do {
    const page = await duplicateGroups(index, { count: 1, offset });
    groups.push(...page.groups);
    offset = page.next ?? undefined;
  } while (offset);
  expect(members(groups)).toEqual([[1, 2, 3].map(idOf), [6, 7].map(idOf)]);
});
