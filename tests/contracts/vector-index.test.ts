import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { QdrantClient } from '@qdrant/js-client-rest';
import { afterAll, beforeAll, describe, it } from 'vitest';
import { openEmbeddedIndex } from '../../shared/vectors/embedded-index.ts';
import { collectionName } from '../../shared/vectors/qdrant-collection.ts';
import { openQdrantIndex } from '../../shared/vectors/qdrant-index.ts';
import { type QdrantServer, startQdrantServer } from '../qdrant-server/server.ts';
import { describeVectorIndex } from './vector-index.ts';
import { CONTRACT_SCHEMA } from './vector-index-collection.ts';

const newOwner = () => ({ namespace: randomUUID(), model: 'semblance-contract' });

let folder: string;
let server: QdrantServer;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'semblance-vectors-'));
  server = await startQdrantServer();
});
afterAll(async () => {
  await server.close();
  await rm(folder, { recursive: true });
});

describeVectorIndex('the embedded index', () =>
  openEmbeddedIndex({ file: join(folder, `${randomUUID()}.sqlite`), schema: CONTRACT_SCHEMA }),
);

describeVectorIndex(
  'the Qdrant index, against the test server',
  async () => openQdrantIndex({ url: server.url, owner: newOwner(), schema: CONTRACT_SCHEMA }),
  10,
);

const { QDRANT_URL: url, QDRANT_API_KEY: apiKey } = process.env;
if (url) {
  const made: string[] = [];
  describeVectorIndex(
    `the Qdrant index, against ${url}`,
    async () => {
      const owner = newOwner();
      made.push(collectionName(owner));
      return openQdrantIndex({ url, apiKey, owner, schema: CONTRACT_SCHEMA });
    },
    10,
  );
  afterAll(async () => {
    const client = new QdrantClient({
      url,
      ...(apiKey !== undefined && { apiKey }),
      checkCompatibility: false,
    });
    for (const collection of made) await client.deleteCollection(collection);
  });
} else {
  describe('the Qdrant index, against a live server', () => {
    it.skip('was skipped: set QDRANT_URL (and QDRANT_API_KEY) to run it', () => {});
  });
}
