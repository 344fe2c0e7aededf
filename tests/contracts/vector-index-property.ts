import fc from 'fast-check';
import { expect } from 'vitest';
import type { FieldCondition, Filter } from '../../shared/vectors/filter.ts';
import type {
  CollectionSchema,
  Order,
  OrderPosition,
  Point,
  Query,
  ScoredPoint,
  VectorIndex,
} from '../../shared/vectors/vector-index.ts';
import { createNaiveIndex } from './naive-index.ts';

/** After any writes an index gives the results of the naive one: random operations, then random queries. */
export async function expectAsNaive(
  open: () => Promise<VectorIndex>,
  schema: CollectionSchema,
  runs: number,
): Promise<void> {
  await fc.assert(
    fc.asyncProperty(
      fc.array(operation, { maxLength: 25 }),
      fc.array(question, { minLength: 1, maxLength: 6 }),
      async (operations, questions) => {
        const [index, naive] = [await open(), createNaiveIndex(schema)];
        await index.bootstrap();
        for (const { run } of operations) {
          await run(index);
          await run(naive);
        }
        for (const { query, filter, order } of questions) {
          const [[got = []], [wanted = []]] = [await index.query([query]), await naive.query([query])];
          expectSameRanking(got, wanted);
          if ('sparse' in query)
            expectSameNumbers(
              await index.idf(query.using, query.sparse.indices),
              await naive.idf(query.using, query.sparse.indices),
            );
          expect(await index.count(filter)).toBe(await naive.count(filter));
          expect(await index.scroll({ filter, limit: 4 })).toEqual(await naive.scroll({ filter, limit: 4 }));
          for (let after: OrderPosition | undefined; ; ) {
            const page = await index.scrollOrdered({ filter, order, limit: 3, after });
            expect(page).toEqual(await naive.scrollOrdered({ filter, order, limit: 3, after }));
            if (page.next === null) break;
            after = page.next;
          }
          expect(await index.facet({ key: 'tags', filter, limit: 3 })).toEqual(
            await naive.facet({ key: 'tags', filter, limit: 3 }),
          );
        }
        await index.close();
      },
    ),
    { numRuns: runs },
  );
}

const id = (n: number): string => `${n.toString(16).padStart(8, '0')}-0000-4000-8000-000000000000`;

/** Equal scores by position; ids the same where no other score is close. */
function expectSameRanking(got: readonly ScoredPoint[], wanted: readonly ScoredPoint[]): void {
  expect(got.length).toBe(wanted.length);
  for (const [i, { id, score }] of wanted.entries()) {
    expect(Math.abs((got[i]?.score ?? Number.NaN) - score)).toBeLessThan(1e-5);
    const isTied =
      wanted.some((other, j) => j !== i && Math.abs(other.score - score) < 1e-4) || i === wanted.length - 1;
    if (!isTied) expect(got[i]?.id).toBe(id);
  }
}

function expectSameNumbers(
  got: readonly (number | undefined)[],
  wanted: readonly (number | undefined)[],
): void {
  expect(got.map(each => each?.toFixed(4))).toEqual(wanted.map(each => each?.toFixed(4)));
}

type Question = { query: Query; filter: Filter; order: Order };

const component = fc.integer({ min: -8, max: 8 });
const vectorOf = (dimension: number) =>
  fc
    .array(component, { minLength: dimension, maxLength: dimension })
    .map(values => Float32Array.from(values));
const sparseVector = fc
  .uniqueArray(fc.integer({ min: 0, max: 12 }), { maxLength: 5 })
  .map(indices => ({ indices, values: indices.map(i => 1 + (i % 3)) }));
const anyId = fc.integer({ min: 1, max: 12 }).map(id);
const tags = fc.array(fc.constantFrom('a', 'b', '猫'), { maxLength: 3 });
const payload = fc.record(
  {
    name: fc.oneof(fc.constantFrom('x', 'y'), fc.constant(null)),
    digest: fc.oneof(fc.constantFrom('d1', 'd2', 'd3'), fc.constant(null)),
    tags: fc.oneof(tags, fc.constantFrom('a', null)),
    width: fc.oneof(fc.integer({ min: 0, max: 5 }), fc.constant(2.5)),
    ratio: fc.integer({ min: 0, max: 4 }).map(n => n / 2),
    rank: fc.integer({ min: -2, max: 2 }),
    starred: fc.boolean(),
    taken_at: fc.constantFrom('2026-01-01', '2026-01-02T00:00:00+02:00', 'never'),
    phrase: fc.constantFrom('a b c', 'B  C', 'c b'),
  },
  { requiredKeys: [] },
);

const operation = fc.oneof(
  {
    weight: 4,
    arbitrary: fc
      .record({
        id: anyId,
        vision: fc.option(vectorOf(8)),
        ocr: fc.option(vectorOf(4)),
        terms: fc.option(sparseVector),
        payload,
      })
      .map(({ id, vision, ocr, terms, payload }) => {
        const points: Point[] = [
          {
            id,
            vectors: { ...(vision && { vision }), ...(ocr && { ocr }) },
            ...(terms && { sparse: { ocr_terms: terms } }),
            payload,
          },
        ];
        return {
          run: (index: VectorIndex) => index.upsert(points),
          toString: () => `upsert ${JSON.stringify(points)}`,
        };
      }),
  },
  {
    weight: 1,
    arbitrary: fc.tuple(fc.array(anyId, { maxLength: 3 }), payload).map(([ids, patch]) => ({
      run: (index: VectorIndex) => index.setPayload(ids, patch),
      toString: () => `setPayload ${ids} ${JSON.stringify(patch)}`,
    })),
  },
  {
    weight: 1,
    arbitrary: fc.array(anyId, { maxLength: 3 }).map(ids => ({
      run: (index: VectorIndex) => index.delete(ids),
      toString: () => `delete ${ids}`,
    })),
  },
);

const condition: fc.Arbitrary<Filter> = fc
  .constantFrom<FieldCondition[]>(
    { key: 'name', match: { value: 'x' } },
    { key: 'digest', match: { value: 'd1' } },
    { key: 'digest', match: { any: ['d2', 'd3'] } },
    { key: 'tags', match: { any: ['a', '猫'] } },
    { key: 'tags', match: { except: ['a'] } },
    { key: 'width', match: { value: 2 } },
    { key: 'width', range: { gte: 1, lt: 4 } },
    { key: 'ratio', range: { gt: 0.5 } },
    { key: 'starred', match: { value: true } },
    { key: 'taken_at', range: { lte: '2026-01-01T12:00:00Z' } },
    { key: 'phrase', match: { phrase: 'b c' } },
    { is_empty: { key: 'tags' } },
    { is_null: { key: 'name' } },
    { has_id: [id(1), id(2), id(3)] },
    { has_vector: 'ocr' },
  )
  .map((each): Filter => ({ must: [each] }));

const filter: fc.Arbitrary<Filter> = fc.oneof(
  condition,
  fc.record({ must: fc.array(condition, { maxLength: 2 }), must_not: fc.array(condition, { maxLength: 2 }) }),
  fc.array(condition, { minLength: 1, maxLength: 3 }).map(should => ({ should })),
);

const order = fc.record({
  keys: fc.constantFrom(['width'], ['ratio'], ['taken_at'], ['ratio', 'rank'], ['rank', 'ratio']),
  direction: fc.constantFrom('asc' as const, 'desc' as const),
});

const question = fc
  .record({
    filter,
    order,
    filtered: fc.boolean(),
    limit: fc.integer({ min: 1, max: 15 }),
    vision: vectorOf(8),
    others: fc.array(vectorOf(8), { maxLength: 2 }),
    terms: sparseVector.filter(({ indices }) => indices.length > 0),
    kind: fc.constantFrom('nearest', 'best', 'sparse'),
  })
  .map(({ filter, order, filtered, limit, vision, others, terms, kind }): Question => {
    const base = { limit, filter: filtered ? filter : undefined };
    if (kind === 'nearest') return { filter, order, query: { ...base, using: 'vision', nearest: vision } };
    if (kind === 'best')
      return {
        filter,
        order,
        query: { ...base, using: 'vision', best: { positive: [vision], negative: others } },
      };
    return { filter, order, query: { ...base, using: 'ocr_terms', sparse: terms } };
  });
