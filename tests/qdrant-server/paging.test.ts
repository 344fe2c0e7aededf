import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { collectionName } from '../../shared/vectors/qdrant-collection.ts';
import { connectQdrant } from '../../shared/vectors/qdrant-connection.ts';
import { openQdrantIndex } from '../../shared/vectors/qdrant-index.ts';
import { describePaging, fillForPaging, idAt, PAGING_SCHEMA, vectorAt, vectorOf } from './paging.ts';
import { type QdrantServer, startQdrantServer } from './server.ts';

let server: QdrantServer;
const owner = { namespace: randomUUID(), model: 'paging' };
const open = () => openQdrantIndex({ url: server.url, owner, schema: PAGING_SCHEMA });

beforeAll(async () => {
  server = await startQdrantServer({ graph: true });
  await fillForPaging(open(), 2_000);
});
afterAll(() => server.close());

describePaging('a Qdrant whose candidates depend on the limit', open, 2_000);

describe('the stand-in server', () => {
  it('has pages that overlap where each asks for its own number of candidates', async () => {
    const ids: string[] = [];
    for (let offset = 0; offset < 400; offset += 20) {
      const response = await fetch(
        `${server.url}/collections/${owner.model}-${owner.namespace}/points/query`,
        {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ query: [1, 0.5, 0.25, 0], using: 'vision', offset, limit: 20 }),
        },
      );
      const { result } = Object(await response.json());
      ids.push(...result.points.map(({ id }: { id: string }) => id));
    }
    expect(new Set(ids).size).toBeLessThan(ids.length);
  });
});

const { QDRANT_URL: url, QDRANT_API_KEY: apiKey, POINTS = '20000' } = process.env;
if (url) describeLive(url, Number(POINTS));
else
  describe('a live Qdrant', () => {
    it.skip('was skipped: scripts/live/qdrant.sh runs it', () => {});
  });

/** Against a server with a graph, whose size and speed are its own. */
function describeLive(url: string, size: number): void {
  const dimension = 512;
  const schema = { ...PAGING_SCHEMA, vectors: { vision: dimension } };
  const live = { namespace: randomUUID(), model: 'semblance-paging' };
  const index = openQdrantIndex({ url, apiKey, owner: live, schema });
  const { client } = connectQdrant({ url, apiKey });

  beforeAll(async () => {
    await fillForPaging(index, size, dimension);
    for (;;) {
      const { status, indexed_vectors_count: built } = await client.getCollection(collectionName(live));
      if (status === 'green') return console.log(`${size} points, ${built} vectors in the graph`);
      await sleep(1_000);
    }
  }, 1_800_000);
  afterAll(() => client.deleteCollection(collectionName(live)));

  describePaging(`the Qdrant at ${url}`, () => index, size, dimension);

  it('finds nearly all that an exact search finds', { timeout: 600_000 }, async () => {
    const vectors = Array.from({ length: size }, (_, n) => vectorAt(n, dimension));
    const found = { 10: 0, 100: 0 };
    const times: number[] = [];
    const queries = 20;
    for (let q = 1; q <= queries; q++) {
      const nearest = vectorOf(-q, dimension);
      const exact = vectors
        .map((vector, n) => ({ id: idAt(n), score: vector.reduce((sum, x, d) => sum + x * nearest[d]!, 0) }))
        .sort((a, b) => b.score - a.score);
      const began = performance.now();
      const [list = []] = await index.query([{ using: 'vision', nearest, limit: 100 }]);
      times.push(performance.now() - began);
      for (const k of [10, 100] as const) {
        // Copies have equal scores, so any of them will do.
        const least = (exact[k - 1]?.score ?? 0) - 1e-6;
        found[k] += list.slice(0, k).filter(({ score }) => score >= least).length / k / queries;
      }
    }
    const p50 = times.sort((a, b) => a - b)[queries / 2];
    console.log(
      `recall@10 ${found[10].toFixed(3)}, @100 ${found[100].toFixed(3)}; p50 ${p50?.toFixed(1)} ms`,
    );
    expect(found[10]).toBeGreaterThanOrEqual(0.99);
    expect(found[100]).toBeGreaterThanOrEqual(0.97);
  });
}
