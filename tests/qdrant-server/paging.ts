import { describe, expect, it } from 'vitest';
import { unit } from '../../shared/vectors/unit.ts';
import type { CollectionSchema, Query, ScoredPoint, VectorIndex } from '../../shared/vectors/vector-index.ts';

const DIMENSION = 4;

/** What pages of a ranked search must be, whatever engine is behind: also run against real servers. */
export const PAGING_SCHEMA: CollectionSchema = {
  vectors: { vision: DIMENSION },
  sparse: ['terms'],
  payload: { group: 'integer' },
};

export const idAt = (n: number): string => `00000000-0000-4000-8000-${n.toString(16).padStart(12, '0')}`;

type Asked = Query extends infer Each ? (Each extends Query ? Omit<Each, 'limit'> : never) : never;

/** A number in [0, 1) that is the same on every run. */
const noise = (n: number): number => {
  const x = Math.sin(n * 12.9898) * 43_758.5453;
  return x - Math.floor(x);
};

/** One of 200 clusters, and something of its own: as images are. */
export const vectorOf = (n: number, dimension: number): Float32Array =>
  unit(
    Float32Array.from(
      { length: dimension },
      (_, d) => noise((Math.abs(n) % 200) * dimension + d) + noise(1e6 + n * dimension + d) - 1,
    ),
  );

/** The vector of a point: every tenth is a copy of the one after it. */
export const vectorAt = (n: number, dimension: number): Float32Array =>
  vectorOf(n % 10 === 0 ? n + 1 : n, dimension);

/** Points of such vectors; every word is in a third of them. */
export async function fillForPaging(index: VectorIndex, size: number, dimension = DIMENSION): Promise<void> {
  await index.bootstrap();
  for (let start = 0; start < size; start += 500) {
    await index.upsert(
      Array.from({ length: Math.min(500, size - start) }, (_, i) => {
        const n = start + i;
        return {
          id: idAt(n),
          vectors: { vision: vectorAt(n, dimension) },
          sparse: { terms: { indices: [n % 3], values: [1] } },
          payload: { group: n % 2 },
        };
      }),
    );
  }
}

export function describePaging(
  name: string,
  open: () => VectorIndex,
  size: number,
  dimension = DIMENSION,
): void {
  describe(`pages of ${name}`, () => {
    const nearest = vectorOf(-1, dimension);
    const cases: [string, Asked][] = [
      ['by nearness', { using: 'vision', nearest }],
      [
        'by the best example',
        { using: 'vision', best: { positive: [nearest], negative: [vectorOf(-2, dimension)] } },
      ],
      [
        'with a filter',
        { using: 'vision', nearest, filter: { must: [{ key: 'group', match: { value: 1 } }] } },
      ],
      ['by words, of which all scores are equal', { using: 'terms', sparse: { indices: [1], values: [1] } }],
    ];

    for (const [what, query] of cases) {
      it(`${what} neither overlap nor leave gaps, to the end of the collection`, async () => {
        const index = open();
        const seen: ScoredPoint[] = [];
        for (let offset = 0; ; ) {
          // The pages have different sizes, so that their ends lie everywhere.
          const limit = 20 + (offset % 90);
          const [page = []] = await index.query([{ ...query, offset, limit }]);
          seen.push(...page);
          if (page.length < limit || seen.length > 3_000) break;
          offset += limit;
        }
        expect(new Set(seen.map(({ id }) => id)).size).toBe(seen.length);
        const total = 'sparse' in query ? size / 3 : 'filter' in query ? size / 2 : size;
        expect(seen.length).toBeGreaterThanOrEqual(Math.floor(Math.min(total, 3_000) * 0.99));
      });
    }

    it('are the same as the front of the whole list', async () => {
      const index = open();
      const query = { using: 'vision', nearest };
      const [whole = []] = await index.query([{ ...query, limit: 1_000 }]);
      for (const offset of [0, 1, 17, 500, 990]) {
        const [page = []] = await index.query([{ ...query, offset, limit: 10, payload: ['group'] }]);
        expect(page.map(({ id }) => id)).toEqual(whole.slice(offset, offset + 10).map(({ id }) => id));
        for (const { id, payload } of page)
          expect(payload).toEqual({ group: Number.parseInt(id.slice(-1), 16) % 2 });
      }
    });
  });
}
