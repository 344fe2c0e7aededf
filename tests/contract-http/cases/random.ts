import { describe, expect } from 'vitest';
import type { Suite } from '../suite-helpers.ts';

export function randomCases(suite: Suite): void {
  const { check, call, found, idsOf } = suite;
  describe('random', () => {
    check('GET /search/random', 'a seed fixes the order, pages fit together, scores never rise', async () => {
      const all = await found('GET', '/search/random', { query: { seed: 42, count: 100 } });
      const scores = all.map(({ score }) => score);
      expect(scores).toEqual(scores.toSorted((a, b) => b - a));
      const pages = await Promise.all(
        [0, 3, 6].map(skip => idsOf('GET', '/search/random', { query: { seed: 42, count: 3, skip } })),
      );
      expect(pages.flat()).toEqual(all.map(({ img }) => img.id));
    });
    check('GET /search/random', 'any whole number is a seed', async () => {
      for (const seed of ['-7', '0', '2147483647', '9'.repeat(60)])
        expect(await idsOf('GET', '/search/random', { query: { seed, count: 3 } })).toEqual(
          await idsOf('GET', '/search/random', { query: { seed, count: 3 } }),
        );
      expect((await call('GET', '/search/random', { query: { seed: '1.5' } })).status).toBe(422);
    });
    check('GET /search/random', 'without a seed another order each time', async () => {
      const orders = await Promise.all(Array.from({ length: 8 }, () => idsOf('GET', '/search/random')));
      expect(new Set(orders.map(ids => ids.join())).size).toBeGreaterThan(1);
    });
  });
}
