import { describe, expect, it } from 'vitest';
import {
  angle,
  CONTRACT_SCHEMA,
  type FreshIndex,
  freshIndex,
  id,
  ids,
  type OpenVectorIndex,
  point,
} from './vector-index-collection.ts';
import { describeFilters } from './vector-index-filters.ts';
import { describeListing } from './vector-index-listing.ts';
import { expectAsNaive } from './vector-index-property.ts';
import { describeQueries } from './vector-index-queries.ts';

/**
 * What every VectorIndex must do.
 * @param open an empty index of CONTRACT_SCHEMA, each time another; the suite bootstraps and closes it
 */
export function describeVectorIndex(name: string, open: OpenVectorIndex, runs = 60): void {
  describe(name, () => {
    const fresh = freshIndex(open);
    describePoints(fresh);
    describeQueries(fresh);
    describeFilters(fresh);
    describeListing(fresh);
    describeMistakes(fresh);

    it('is bootstrapped by two at once, and again, without harm', async () => {
      const index = await open();
      await Promise.all([index.bootstrap(), index.bootstrap()]);
      await index.upsert([point(1, 0)]);
      await index.bootstrap();
      expect(await index.count()).toBe(1);
      await index.close();
    });

    it('gives the results of a plain reference after any writes', () =>
      expectAsNaive(open, CONTRACT_SCHEMA, runs));
  });
}

function describePoints(fresh: FreshIndex): void {
  describe('points', () => {
    const index = fresh();

    it('are found as soon as upsert returns, with vectors at unit length', async () => {
      await index().upsert([
        {
          ...point(1, 0, { name: 'a', list: [{ deep: '猫' }] }),
          vectors: { vision: new Float32Array([3, 4, 0, 0, 0, 0, 0, 0]) },
        },
      ]);
      const [stored] = await index().retrieve([id(1)], { vectors: ['vision', 'ocr'] });
      expect(stored).toEqual({
        id: id(1),
        payload: { name: 'a', list: [{ deep: '猫' }] },
        vectors: { vision: Float32Array.of(0.6, 0.8, 0, 0, 0, 0, 0, 0) },
      });
    });
    it('are replaced whole: vectors and payload that are not named again are gone', async () => {
      await index().upsert([
        {
          ...point(2, 0, { name: 'a', starred: true }),
          sparse: { ocr_terms: { indices: [7], values: [1] } },
        },
      ]);
      await index().upsert([{ id: id(2), vectors: { ocr: angle(0, 4) }, payload: { tags: ['x'] } }]);
      const [stored] = await index().retrieve([id(2)], { vectors: ['vision', 'ocr'] });
      expect(stored?.payload).toEqual({ tags: ['x'] });
      expect(Object.keys(stored?.vectors ?? {})).toEqual(['ocr']);
      expect(
        await index().query([{ using: 'ocr_terms', sparse: { indices: [7], values: [1] }, limit: 9 }]),
      ).toEqual([[]]);
      expect(await index().count({ must: [{ key: 'starred', match: { value: true } }] })).toBe(0);
    });
    it('come back in the order of the ids, unknown ones left out', async () => {
      await index().upsert([point(3, 0), point(4, 0)]);
      expect(ids(await index().retrieve([id(4), id(99), id(3)]))).toEqual([id(4), id(3)]);
    });
    it('are gone after delete, as often as one likes', async () => {
      await index().upsert([point(5, 0, { name: 'gone' })]);
      await index().delete([id(5), id(98)]);
      await index().delete([id(5)]);
      expect(await index().retrieve([id(5)])).toEqual([]);
      expect(await index().count({ must: [{ key: 'name', match: { value: 'gone' } }] })).toBe(0);
      await index().upsert([point(5, 0, { name: 'back' })]);
      expect((await index().retrieve([id(5)]))[0]?.payload).toEqual({ name: 'back' });
    });
    it('take a patch: top-level keys merge, null deletes, unknown ids are ignored', async () => {
      await index().upsert([point(6, 0, { name: 'a', width: 5, extra: { x: 1 } })]);
      await index().setPayload([id(6), id(97)], { width: 6, name: null, extra: { y: 2 } });
      expect((await index().retrieve([id(6)]))[0]?.payload).toEqual({ width: 6, extra: { y: 2 } });
      expect(
        ids(
          (await index().scroll({ filter: { must: [{ key: 'width', match: { value: 6 } }] }, limit: 9 }))
            .points,
        ),
      ).toEqual([id(6)]);
      expect(await index().retrieve([id(97)])).toEqual([]);
    });
    it('may be none: empty lists do nothing', async () => {
      await index().upsert([]);
      await index().delete([]);
      await index().setPayload([], { name: 'x' });
      expect(await index().retrieve([])).toEqual([]);
      expect(await index().query([])).toEqual([]);
    });
  });
}

function describeMistakes(fresh: FreshIndex): void {
  describe('mistakes', () => {
    const index = fresh([point(1, 0)]);
    const rejected = (message: RegExp) =>
      expect.objectContaining({ code: 'index_rejected', message: expect.stringMatching(message) });

    it('in a size or name of a vector are rejected, and nothing is written', async () => {
      await expect(index().query([{ using: 'vision', nearest: angle(0, 3), limit: 1 }])).rejects.toEqual(
        rejected(/expected dim: 8, got 3/),
      );
      await expect(index().query([{ using: 'nope', nearest: angle(0), limit: 1 }])).rejects.toEqual(
        rejected(/nope/),
      );
      const wrong = { ...point(3, 0), vectors: { vision: angle(0, 3) } };
      await expect(index().upsert([point(2, 0), wrong])).rejects.toEqual(rejected(/expected dim: 8, got 3/));
      expect(await index().count()).toBe(1);
    });
    it('in an id, a number or a limit are rejected', async () => {
      await expect(index().upsert([{ ...point(1, 0), id: 'x' }])).rejects.toEqual(rejected(/./));
      await expect(
        index().upsert([{ ...point(1, 0), vectors: { vision: angle(Number.NaN) } }]),
      ).rejects.toEqual(rejected(/./));
      await expect(index().query([{ using: 'vision', nearest: angle(0), limit: 0 }])).rejects.toEqual(
        rejected(/./),
      );
      await expect(index().scroll({ limit: 0 })).rejects.toEqual(rejected(/./));
    });
  });
}
