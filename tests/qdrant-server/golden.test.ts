import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type GoldenCase, readCases } from '../golden/qdrant/golden.ts';
import { compare, type GoldenServer, pointsOf, startGoldenServer } from './golden-harness.ts';

/** Cases that the product has no use for, and why; every other case must hold. */
const OUT_OF_SCOPE: Record<string, readonly string[]> = {
  'RRF is computed by shared/search: fusion-golden.test.ts holds it to these cases': [
    'rrf: two prefetches, default limits',
    'rrf: prefetch limit 40',
    'rrf: root filter reaches the prefetches',
    'rrf: limit and offset',
    'rrf: default prefetch limit does not grow with offset',
    'rrf: filter in one prefetch',
    'rrf: three prefetches',
    'rrf: one prefetch',
    'rrf: an id in a prefetch is left out everywhere',
    'rrf: prefetch score_threshold',
    'rrf: k 60',
    'rrf: weights',
    'rrf: weights and k',
    'rrf: weight 0',
    'rrf: recommend as a prefetch',
    'rrf: score_threshold equal to the 3rd score',
    'rrf: an empty list',
  ],
  'DBSF is never used: scores of cosine and BM25 are fused by rank': [
    'dbsf: two prefetches, default limits',
    'dbsf: prefetch limit 40',
    'dbsf: root filter reaches the prefetches',
    'dbsf: limit and offset',
    'dbsf: default prefetch limit does not grow with offset',
    'dbsf: filter in one prefetch',
    'dbsf: three prefetches',
    'dbsf: one prefetch',
    'dbsf: an id in a prefetch is left out everywhere',
    'dbsf: prefetch score_threshold',
    'dbsf: a list of one',
    'dbsf: a list of equal scores',
  ],
  'no search ranks the results of another one again': [
    'rescore: text candidates by image',
    'rescore: with root filter and threshold',
    'rescore: image candidates by text, those without text drop out',
    'nested prefetch: fusion of a rescore',
  ],
  'the API has the modes average and best only': [
    'recommend sum_scores: positives',
    'recommend sum_scores: positives and negatives',
    'recommend sum_scores: negatives only',
    'recommend sum_scores: raw vectors',
    'recommend sum_scores: text vector, filter, offset',
  ],
  'no page is ordered by a field': [
    'scroll: order_by date, newest first',
    'scroll: order_by date, start_from',
    'scroll: order_by without an index is an error',
    'query order_by aspect_ratio',
  ],
  'not in the filter language of shared/vectors/filter.ts': [
    'filter: match with key[]',
    'filter: min_should 2 of 3',
    'filter: values_count',
    'filter: values_count 0',
  ],
  'fields without an index, or with one of another type, are rejected as in the strict mode of Qdrant Cloud':
    [
      'filter: unknown field',
      'filter: wrong type',
      'scroll: nothing matches',
      'text unindexed: phrase',
      'text unindexed terms: three characters as a phrase of bigrams',
    ],
  'words are searched by sparse vectors; of text matches only phrases over whitespace tokens are used': [
    'text unindexed: Hello',
    'text unindexed: hello world',
    'text unindexed: part of a word',
    'text unindexed: 图片',
    'text unindexed: 猫',
    'text unindexed: digits',
    'text unindexed: text_any',
    'text unindexed: empty text',
    'text indexed word: Hello',
    'text indexed word: hello world',
    'text indexed word: part of a word',
    'text indexed word: 图片',
    'text indexed word: 猫',
    'text indexed word: digits',
    'text indexed word: text_any',
    'text indexed word: empty text',
    'text indexed word: phrase',
    'text indexed word: phrase in the wrong order',
    'text indexed multilingual: Hello',
    'text indexed multilingual: hello world',
    'text indexed multilingual: part of a word',
    'text indexed multilingual: 图片',
    'text indexed multilingual: 猫',
    'text indexed multilingual: digits',
    'text indexed multilingual: text_any',
    'text indexed multilingual: empty text',
    'text unindexed terms: one word',
    'text unindexed terms: two words',
    'text unindexed terms: bigram',
    'text unindexed terms: digits',
    'text unindexed terms: text_any',
    'text indexed terms: one word',
    'text indexed terms: two words',
    'text indexed terms: bigram',
    'text indexed terms: digits',
    'text indexed terms: text_any',
    'text indexed terms with a vector query',
  ],
  'points are written whole, or top-level keys set by id': [
    'write: set_payload with key goes inside',
    'write: set_payload by filter',
    'write: overwrite_payload',
    'write: delete_payload keys',
    'write: clear_payload',
    'write: delete by filter',
    'write: update_vectors keeps the other vector',
    'write: delete_vectors',
  ],
};

const cases = await readCases();
const skipped = new Set(Object.values(OUT_OF_SCOPE).flat());
const bound = cases.filter(({ name }) => !skipped.has(name));

let server: GoldenServer;

beforeAll(async () => {
  server = await startGoldenServer();
});
afterAll(() => server.close());

describe('the embedded index gives the results of the Qdrant engine', () => {
  const reads = bound.filter(
    ({ setup, name }) => setup.length === 0 && name !== 'facet: without an index is an error',
  );
  const writes = bound.filter(golden => !reads.includes(golden));

  describe('without setup', () => {
    beforeAll(() => server.fresh());
    it.each(reads.map(golden => [golden.name, golden] as const))('%s', async (_, golden) => {
      await check(golden);
    });
  });

  describe('with setup', () => {
    it.each(writes.map(golden => [golden.name, golden] as const))('%s', async (_, golden) => {
      await server.fresh(golden.request.path === '/facet' ? ['categories'] : []);
      let rejected: unknown;
      for (const step of golden.setup) {
        const { status } = await server.send(step);
        if (status !== 'ok') rejected = status;
      }
      if (rejected) expect(JSON.stringify(rejected)).toContain(golden.error);
      else await check(golden);
    });
  });

  it('leaves out only cases that exist, each once', () => {
    const listed = Object.values(OUT_OF_SCOPE).flat();
    expect(listed.length).toBe(skipped.size);
    expect(listed.filter(name => !cases.some(golden => golden.name === name))).toEqual([]);
    expect(bound.length).toBe(105);
  });
});

async function check(golden: GoldenCase): Promise<void> {
  const { result, status } = await server.send(golden.request);
  if (golden.error !== undefined) {
    expect(JSON.stringify(status)).toContain(golden.error);
    return;
  }
  expect(status).toBe('ok');
  if (golden.request.path === '/points/count') {
    expect(result).toEqual({ count: golden.count });
    return;
  }
  if (golden.hits) {
    expect(result).toEqual({ hits: golden.hits });
    return;
  }
  const page = pointsOf(result);
  compare(page.points, golden);
  if (golden.next_page_offset !== undefined) expect(page.next_page_offset).toBe(golden.next_page_offset);
  if (golden.count !== undefined) {
    const { filter } = golden.request.body;
    const counted = await server.send({
      method: 'POST',
      path: '/points/count',
      body: { exact: true, filter },
    });
    expect(counted.result).toEqual({ count: golden.count });
  }
}
