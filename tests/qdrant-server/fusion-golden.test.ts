import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { fuse } from '../../shared/search/ranking.ts';
import type { ScoredPoint } from '../../shared/vectors/vector-index.ts';
import { type GoldenCase, readCases } from '../golden/qdrant/golden.ts';
import { compare, type GoldenServer, pointsOf, startGoldenServer } from './golden-harness.ts';

/** Fused searches as Qdrant takes them; the lists are requested one by one and fused here. */
const fusedSchema = z.object({
  prefetch: z.array(z.record(z.string(), z.unknown())),
  query: z.object({
    rrf: z.object({ k: z.number().optional(), weights: z.array(z.number()).optional() }).default({}),
  }),
  filter: z.unknown().optional(),
  limit: z.number().default(10),
  offset: z.number().default(0),
  score_threshold: z.number().default(0),
});
const scoredSchema = z.array(z.object({ id: z.string(), score: z.number() }));

const cases = (await readCases()).filter(({ name }) => name.startsWith('rrf: '));
let server: GoldenServer;

beforeAll(async () => {
  server = await startGoldenServer();
  await server.fresh();
  await server.send({ method: 'PUT', path: '/index', body: { field_name: 'nope', field_schema: 'integer' } });
});
afterAll(() => server.close());

describe('lists are fused by rank as the Qdrant engine does', () => {
  it.each(cases.map(golden => [golden.name, golden] as const))('%s', async (_, golden) => {
    compare(await response(golden), golden);
  });
  it('in all cases that there are', () => expect(cases.length).toBe(17));
});

async function response({ request }: GoldenCase): Promise<ScoredPoint[]> {
  const { prefetch, query, filter, limit, offset, score_threshold } = fusedSchema.parse(request.body);
  const examples = prefetch.flatMap(exampleIds);
  const lists: ScoredPoint[][] = [];
  for (const { filter: own, ...search } of prefetch) {
    const must = [filter, own, examples.length > 0 ? { must_not: [{ has_id: examples }] } : undefined];
    const { result } = await server.send({
      method: 'POST',
      path: '/points/query',
      body: { ...search, filter: { must: must.filter(Boolean) } },
    });
    lists.push(scoredSchema.parse(pointsOf(result).points));
  }
  const { k, weights } = query.rrf;
  return fuse(lists, { ...(k !== undefined && { k }), ...(weights && { weights }) })
    .map(({ id, score }) => ({ id, score: Math.fround(score) }))
    .filter(({ score }) => score >= score_threshold)
    .slice(offset, offset + limit);
}

/** Ids that stand for a vector in a query: they are left out of all lists. */
function exampleIds({ query }: Record<string, unknown>): string[] {
  const { data } = z
    .object({
      recommend: z.object({ positive: z.array(z.string()), negative: z.array(z.string()).default([]) }),
    })
    .safeParse(query);
  return typeof query === 'string'
    ? [query]
    : data
      ? [...data.recommend.positive, ...data.recommend.negative]
      : [];
}
