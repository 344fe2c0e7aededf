import { describe, expect, it, vi } from 'vitest';
import { CONTRACT_SCHEMA } from '../contracts/vector-index-collection.ts';
import { failing, NAME, nearest, OWNER, point, prepareAdapter } from './adapter-harness.ts';
import { startQdrantServer } from './server.ts';

const adapter = prepareAdapter();
const { lastRequests, open, send } = adapter;
const PATH = `/collections/${NAME}`;

describe('bootstrap', () => {
  it('creates the collection with int8 copies in RAM, originals on disk, and every payload index', () => {
    expect(adapter.server.requests.find(({ method }) => method === 'PUT')?.body).toEqual({
      vectors: {
        vision: { size: 8, distance: 'Cosine', on_disk: true },
        ocr: { size: 4, distance: 'Cosine', on_disk: true },
      },
      sparse_vectors: { ocr_terms: { modifier: 'idf' } },
      quantization_config: { scalar: { type: 'int8', quantile: 0.99, always_ram: true } },
      on_disk_payload: true,
      metadata: { semblance: OWNER },
      strict_mode_config: {
        enabled: true,
        unindexed_filtering_retrieve: false,
        unindexed_filtering_update: false,
      },
    });
    const indexes = adapter.server.requests
      .filter(({ path }) => path.endsWith('/index?wait=true'))
      .map(({ body }) => body);
    expect(indexes).toEqual(
      Object.entries(CONTRACT_SCHEMA.payload).map(([field_name, type]) => ({
        field_name,
        field_schema:
          type === 'phrase' || type === 'letters'
            ? { type: 'text', tokenizer: 'whitespace', lowercase: true, phrase_matching: true }
            : type === 'unique'
              ? 'keyword'
              : type,
      })),
    );
  });
  it('costs two requests at once when all is there', async () => {
    const before = adapter.server.requests.length;
    await open().bootstrap();
    expect(lastRequests(adapter.server.requests.length - before).sort()).toEqual(['GET /', `GET ${PATH}`]);
  });
  it('adds only the payload indexes that a newer schema brings', async () => {
    const before = adapter.server.requests.length;
    const payload = { ...CONTRACT_SCHEMA.payload, more: 'keyword' as const };
    await open({ schema: { ...CONTRACT_SCHEMA, payload } }).bootstrap();
    const bodies = adapter.server.requests.slice(before).flatMap(({ body }) => body ?? []);
    expect(bodies).toEqual([{ field_name: 'more', field_schema: 'keyword' }]);
  });
  it.each([
    ['of words without phrases', { type: 'text', tokenizer: 'whitespace' }],
    ['of another tokenizer', { type: 'text', tokenizer: 'word', phrase_matching: true }],
    ['of another type', 'keyword'],
  ])('makes a payload index %s again', async (_, field_schema) => {
    await send('PUT', '/index', { field_name: 'phrase', field_schema });
    await adapter.index.upsert([{ ...point, payload: { phrase: 'a b' } }]);
    await open().bootstrap();
    expect(await adapter.index.count({ must: [{ key: 'phrase', match: { phrase: 'a b' } }] })).toBe(1);
  });
  it('rejects a Qdrant that is too old, by its version', async () => {
    const old = await startQdrantServer({ version: '1.17.9' });
    await expect(open({ url: old.url }).bootstrap()).rejects.toEqual(
      failing('index_rejected', /Qdrant 1\.17\.9; Semblance needs 1\.18 or later/),
    );
    await old.close();
  });
  it.each(['1.18.0', '1.20.0-dev', '2.0.0'])('takes a Qdrant %s', async version => {
    const newer = await startQdrantServer({ version });
    await open({ url: newer.url }).bootstrap();
    await newer.close();
  });
  it('says once that the collection was made and is empty', async () => {
    const onMade = vi.fn(async () => {});
    await open({ onMade }).bootstrap();
    expect(onMade).not.toHaveBeenCalled();
    const owner = { ...OWNER, model: 'model-2' };
    await Promise.all([open({ owner, onMade }).bootstrap(), open({ owner, onMade }).bootstrap()]);
    expect(onMade).toHaveBeenCalledOnce();
  });
  it('takes a collection that another made in between, also while that is not ready yet', async () => {
    const notReady = {
      status: 500,
      body: '{"status":{"error":"Service internal error: 0 of 0 read operations failed"}}',
    };
    const missing = {
      status: 404,
      body: '{"status":{"error":"Not found: Collection `x` doesn\'t exist!"}}',
    };
    adapter.server.faults.push(missing, { status: 409, body: '{"status":{"error":"exists"}}' }, notReady);
    await open().bootstrap();
    expect(adapter.server.faults).toEqual([]);
  });
  it('adds vectors that a newer schema brings, and leaves points and other vectors as they are', async () => {
    await adapter.index.upsert([
      { ...point, vectors: { ...point.vectors, ocr: new Float32Array(4).with(1, 1) } },
    ]);
    const before = adapter.server.requests.length;
    const schema = {
      ...CONTRACT_SCHEMA,
      vectors: { vision: 8, words: 6 },
      sparse: [...CONTRACT_SCHEMA.sparse, 'letters'],
    };
    const newer = open({ schema });
    await newer.bootstrap();
    const written = adapter.server.requests.slice(before).filter(({ method }) => method !== 'GET');
    expect(written.map(({ path, body }) => [path, body])).toEqual([
      [`${PATH}/vectors/words?wait=true`, { dense: { size: 6, distance: 'Cosine' } }],
      [`${PATH}/vectors/letters?wait=true`, { sparse: { modifier: 'idf' } }],
    ]);
    const [found] = await newer.retrieve([point.id], { vectors: ['vision', 'words'] });
    expect(found).toMatchObject({ payload: point.payload, vectors: { vision: point.vectors['vision'] } });
    await newer.upsert([{ ...point, vectors: { ...point.vectors, words: new Float32Array(6).with(0, 1) } }]);
    const words = { using: 'words', nearest: new Float32Array(6).with(0, 1), limit: 1 };
    expect((await newer.query([words]))[0]).toHaveLength(1);
  });
  it('rejects the collection of another gallery, which stays as it is', async () => {
    await adapter.index.upsert([point]);
    const semblance = { ...OWNER, namespace: '00000000-0000-4000-8000-00000000000f' };
    await send('PATCH', '', { metadata: { semblance } });
    await expect(open().bootstrap()).rejects.toEqual(
      failing('index_rejected', /belongs to another gallery \(namespace .*0f, model model-1\)/),
    );
    expect(await adapter.index.count()).toBe(1);
  });
  it('takes over a collection that says nothing of its owner', async () => {
    await send('DELETE', '', undefined);
    await send('PUT', '', {
      vectors: { vision: { size: 8, distance: 'Cosine' }, ocr: { size: 4, distance: 'Cosine' } },
      sparse_vectors: { ocr_terms: { modifier: 'idf' } },
    });
    await open().bootstrap();
    const other = open({ owner: OWNER });
    await other.bootstrap();
    expect(adapter.server.requests.filter(({ method }) => method === 'PATCH').at(-1)?.body).toEqual({
      metadata: { semblance: OWNER },
    });
  });
  it('needs no right to write when all is there', async () => {
    const guarded = await startQdrantServer({ apiKey: 'full', readOnlyKey: 'read' });
    const warn = vi.spyOn(console, 'warn').mockReturnValue();
    const reader = open({ url: guarded.url, apiKey: 'read' });
    await expect(reader.bootstrap()).rejects.toEqual(failing('index_denied', /403/));
    await open({ url: guarded.url, apiKey: 'full' }).bootstrap();
    await reader.bootstrap();
    expect(await reader.query([nearest])).toEqual([[]]);
    warn.mockRestore();
    await guarded.close();
  });
  it('rejects a collection of other vectors', async () => {
    const schema = { ...CONTRACT_SCHEMA, vectors: { vision: 9, ocr: 4 } };
    await expect(open({ schema }).bootstrap()).rejects.toEqual(
      failing(
        'index_rejected',
        /model-1-.* has other vectors \({"vision":8,"ocr":4}\).*{"vision":9,"ocr":4}/,
      ),
    );
  });
});
