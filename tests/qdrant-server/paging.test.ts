import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openQdrantIndex } from '../../shared/vectors/qdrant-index.ts';
import { describePaging, fillForPaging, PAGING_SCHEMA } from './paging.ts';
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
