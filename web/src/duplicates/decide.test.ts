import { expect, test } from 'vitest';
import type { Image } from '../api/types.ts';
import { decide } from './decide.ts';

const image = (id: string, bytes = 1000) =>
  ({ id, bytes, width: 100, height: 100, index_date: '2026-01-01T00:00:00Z', local: true }) as Image;
const ids = (images: readonly Image[]) => images.map(({ id }) => id);

test('what the user decided to keep stays when another image joins or leaves the group', () => {
  const kept = new Map([
    ['a', false],
    ['b', false],
    ['c', true],
  ]);
  expect(ids(decide([image('a'), image('b'), image('c'), image('new')], kept).trash)).toEqual(['c']);
  expect(ids(decide([image('b'), image('c')], kept).trash)).toEqual(['c']);
});

test('a group of which all were to go that are left is decided anew: one of them stays', () => {
  const left = decide(
    [image('b'), image('c')],
    new Map([
      ['a', false],
      ['b', true],
      ['c', true],
    ]),
  );
  expect(left.keep).toHaveLength(1);
  expect(left.trash).toHaveLength(1);
});
