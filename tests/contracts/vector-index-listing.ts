import { describe, expect, it } from 'vitest';
import type { Filter } from '../../shared/vectors/filter.ts';
import type { Order, OrderPosition, StoredParts } from '../../shared/vectors/vector-index.ts';
import { type FreshIndex, id, ids, point } from './vector-index-collection.ts';

/** How all points are listed: by id, in an order, as a sample, and shuffled. */
export function describeListing(fresh: FreshIndex): void {
  describe('pages', () => {
    const all = Array.from({ length: 25 }, (_, i) => point(25 - i, i, { width: i }));
    const index = fresh(all);

    it('go through every point once, ascending, without gap', async () => {
      const seen: string[] = [];
      let offset: string | undefined;
      do {
        const { points, next } = await index().scroll({ limit: 10, offset });
        seen.push(...ids(points));
        offset = next ?? undefined;
      } while (offset !== undefined);
      expect(seen).toEqual(all.map(each => each.id).sort());
    });
    it('begin with the offset, or after it where no point has it', async () => {
      expect(ids((await index().scroll({ limit: 2, offset: id(24) })).points)).toEqual([id(24), id(25)]);
      await index().delete([id(24)]);
      expect(ids((await index().scroll({ limit: 2, offset: id(24) })).points)).toEqual([id(25)]);
    });
    it('return the requested payload and vectors', async () => {
      await index().setPayload([id(1)], { name: 'a', tags: ['b'] });
      const first = async (parts: StoredParts) => (await index().scroll({ limit: 1, ...parts })).points[0];
      expect((await first({}))?.payload).toEqual({ name: 'a', tags: ['b'], width: 24 });
      expect((await first({ payload: ['name', 'nope'] }))?.payload).toEqual({ name: 'a' });
      for (const payload of [false, []]) expect((await first({ payload }))?.payload).toEqual({});
      expect((await first({ vectors: ['vision'] }))?.vectors).toEqual({ vision: expect.any(Float32Array) });
      const [stored] = await index().retrieve([id(1)], { payload: ['tags'] });
      expect(stored).toEqual({ id: id(1), payload: { tags: ['b'] }, vectors: {} });
    });
    it('end exactly: a full last page has no next', async () => {
      expect((await index().scroll({ limit: 24 })).next).toBeNull();
    });
  });

  describe('an order', () => {
    const many = Array.from({ length: 23 }, (_, i) =>
      point(i + 1, i, {
        width: i % 3,
        rank: i % 2,
        taken_at: `20${10 + i}-01-01T00:00:00+0${i % 9}:00`,
      }),
    );
    const index = fresh([...many, point(90, 0), point(91, 0, { width: 1, rank: 0, taken_at: null })]);

    const walk = async (order: Order, filter?: Filter): Promise<number[]> => {
      const seen: number[] = [];
      let after: OrderPosition | undefined;
      do {
        const page = await index().scrollOrdered({ order, limit: 4, filter, after });
        seen.push(...page.points.map(each => Number.parseInt(each.id, 16)));
        after = page.next ?? undefined;
      } while (after);
      return seen;
    };
    const numbers = many.map((_, i) => i + 1);

    it('by date goes through every point once, those without a date last', async () => {
      expect(await walk({ keys: ['taken_at'], direction: 'asc' })).toEqual([...numbers, 90, 91]);
      expect(await walk({ keys: ['taken_at'], direction: 'desc' })).toEqual([
        ...numbers.toReversed(),
        90,
        91,
      ]);
    });
    it('of equal values is by id in either direction', async () => {
      const group = (width: number) => numbers.filter(n => (n - 1) % 3 === width);
      expect(await walk({ keys: ['width'], direction: 'desc' })).toEqual([
        ...group(2),
        ...[...group(1), 91],
        ...group(0),
        90,
      ]);
    });
    it('goes on by the next field where values are equal', async () => {
      const group = (width: number, rank: number) =>
        numbers.filter(n => (n - 1) % 3 === width && (n - 1) % 2 === rank);
      expect(await walk({ keys: ['width', 'rank'], direction: 'asc' })).toEqual([
        ...[...group(0, 0), ...group(0, 1)],
        ...[...group(1, 0), 91, ...group(1, 1)],
        ...[...group(2, 0), ...group(2, 1)],
        90,
      ]);
    });
    it('keeps to a filter', async () => {
      const filter: Filter = { must: [{ key: 'width', match: { value: 2 } }] };
      expect(await walk({ keys: ['taken_at'], direction: 'desc' }, filter)).toEqual(
        numbers.filter(n => (n - 1) % 3 === 2).toReversed(),
      );
    });
    it('goes on where it was after the last point seen is gone, and shows what changed', async () => {
      const order: Order = { keys: ['taken_at'], direction: 'asc' };
      const { next } = await index().scrollOrdered({ order, limit: 4 });
      await index().delete([id(4)]);
      await index().setPayload([id(1)], { taken_at: '2099-01-01T00:00:00Z' });
      const { points } = await index().scrollOrdered({ order, limit: 2, after: next ?? undefined });
      expect(ids(points)).toEqual([id(5), id(6)]);
      const { points: first } = await index().scrollOrdered({ order, limit: 1 });
      expect(ids(first)).toEqual([id(2)]);
      const last = await index().scrollOrdered({ order: { ...order, direction: 'desc' }, limit: 1 });
      expect(ids(last.points)).toEqual([id(1)]);
    });
    it('ends exactly: a full last page has no next', async () => {
      const order: Order = { keys: ['rank'], direction: 'asc' };
      const all = await index().count();
      expect((await index().scrollOrdered({ order, limit: all })).next).toBeNull();
      expect((await index().scrollOrdered({ order, limit: all - 1 })).next).not.toBeNull();
    });
    it('by a field that has none is rejected', async () => {
      for (const key of ['name', 'starred', 'nope'])
        await expect(
          index().scrollOrdered({ order: { keys: [key], direction: 'asc' }, limit: 1 }),
        ).rejects.toMatchObject({ code: 'index_rejected' });
    });
  });

  describe('a sample', () => {
    const index = fresh(Array.from({ length: 30 }, (_, i) => point(i, i, { width: i })));

    it('is of the points that match, each once, in another order each time', async () => {
      const filter: Filter = { must: [{ key: 'width', range: { lt: 20 } }] };
      const orders = new Set<string>();
      for (let i = 0; i < 5; i++) {
        const points = await index().sample({ filter, limit: 100 });
        expect(ids(points).sort()).toEqual(Array.from({ length: 20 }, (_, n) => id(n)));
        expect(points.every(({ payload }) => typeof payload['width'] === 'number')).toBe(true);
        orders.add(ids(points).join());
      }
      expect(orders.size).toBeGreaterThan(1);
      expect(await index().sample({ filter, limit: 3 })).toHaveLength(3);
    });
  });

  describe('a shuffle', () => {
    const index = fresh(Array.from({ length: 30 }, (_, i) => point(i, i, { width: i })));
    const whole = { skip: 0, limit: 100 };

    it('is of all points, the same for the same seed, in windows that fit together', async () => {
      const all = await index().shuffle({ ...whole, seed: 'a' });
      expect(ids(all).toSorted()).toEqual(Array.from({ length: 30 }, (_, n) => id(n)));
      const scores = all.map(({ score }) => score);
      expect(scores).toEqual(scores.toSorted((a, b) => b - a));
      expect(scores.every(score => score > 0 && score < 1)).toBe(true);
      const windows = [0, 7, 14, 21, 28].map(skip => index().shuffle({ seed: 'a', skip, limit: 7 }));
      expect((await Promise.all(windows)).flat()).toEqual(all);
      expect(ids(await index().shuffle({ ...whole, seed: 'b' }))).not.toEqual(ids(all));
    });

    it('only loses the points that a filter takes out', async () => {
      const filter: Filter = { must: [{ key: 'width', range: { lt: 20 } }] };
      const all = await index().shuffle({ ...whole, seed: 'a' });
      const kept = all.filter(each => each.id < id(20));
      expect(await index().shuffle({ ...whole, filter, seed: 'a' })).toEqual(kept);
    });
  });
}
