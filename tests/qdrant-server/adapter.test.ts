import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Filter } from '../../shared/vectors/filter.ts';
import { collectionName } from '../../shared/vectors/qdrant-collection.ts';
import { openQdrantIndex, type QdrantIndexOptions } from '../../shared/vectors/qdrant-index.ts';
import type { Point, VectorIndex } from '../../shared/vectors/vector-index.ts';
import { CONTRACT_SCHEMA } from '../contracts/vector-index.ts';
import { type QdrantServer, startQdrantServer } from './server.ts';

let server: QdrantServer;
let index: VectorIndex;

const OWNER = { namespace: '00000000-0000-4000-8000-000000000001', model: 'model-1' };
/** Of the collection. */
const NAME = collectionName(OWNER);
const PATH = `/collections/${NAME}`;

const send = (method: string, path: string, body: unknown): Promise<unknown> =>
  fetch(`${server.url}${PATH}${path}`, {
    method,
    headers: { 'content-type': 'application/json' },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });

const open = (options: Partial<QdrantIndexOptions> = {}): VectorIndex =>
  openQdrantIndex({
    url: server.url,
    owner: OWNER,
    schema: CONTRACT_SCHEMA,
    retryDelay: 1,
    ...options,
  });

const point: Point = {
  id: '00000001-0000-4000-8000-000000000000',
  vectors: { vision: new Float32Array(8).with(0, 1) },
  payload: { name: 'a' },
};
const nearest = { using: 'vision', nearest: new Float32Array(8).with(0, 1), limit: 3 };
const failing = (code: string, message: RegExp | string) =>
  expect.objectContaining({ code, message: expect.stringMatching(message) });
const lastRequests = (n: number) => server.requests.slice(-n).map(({ method, path }) => `${method} ${path}`);

const PAUSED = { status: 404, body: '404 page not found', headers: { 'content-type': 'text/plain' } };

beforeEach(async () => {
  server = await startQdrantServer();
  index = open();
  await index.bootstrap();
});
afterEach(async () => {
  await index.close();
  await server.close();
});

describe('bootstrap', () => {
  it('creates the collection with int8 copies in RAM, originals on disk, and every payload index', () => {
    expect(server.requests.find(({ method }) => method === 'PUT')?.body).toEqual({
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
    const indexes = server.requests
      .filter(({ path }) => path.endsWith('/index?wait=true'))
      .map(({ body }) => body);
    expect(indexes).toEqual(
      Object.entries(CONTRACT_SCHEMA.payload).map(([field_name, type]) => ({
        field_name,
        field_schema:
          type === 'phrase'
            ? { type: 'text', tokenizer: 'whitespace', lowercase: true, phrase_matching: true }
            : type === 'unique'
              ? 'keyword'
              : type,
      })),
    );
  });
  it('costs two requests at once when all is there', async () => {
    const before = server.requests.length;
    await open().bootstrap();
    expect(lastRequests(server.requests.length - before).sort()).toEqual(['GET /', `GET ${PATH}`]);
  });
  it('adds only the payload indexes that a newer schema brings', async () => {
    const before = server.requests.length;
    const payload = { ...CONTRACT_SCHEMA.payload, more: 'keyword' as const };
    await open({ schema: { ...CONTRACT_SCHEMA, payload } }).bootstrap();
    const bodies = server.requests.slice(before).flatMap(({ body }) => body ?? []);
    expect(bodies).toEqual([{ field_name: 'more', field_schema: 'keyword' }]);
  });
  it.each([
    ['of words without phrases', { type: 'text', tokenizer: 'whitespace' }],
    ['of another tokenizer', { type: 'text', tokenizer: 'word', phrase_matching: true }],
    ['of another type', 'keyword'],
  ])('makes a payload index %s anew', async (_, field_schema) => {
    await send('PUT', '/index', { field_name: 'phrase', field_schema });
    await index.upsert([{ ...point, payload: { phrase: 'a b' } }]);
    await open().bootstrap();
    expect(await index.count({ must: [{ key: 'phrase', match: { phrase: 'a b' } }] })).toBe(1);
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
    server.faults.push(missing, { status: 409, body: '{"status":{"error":"exists"}}' }, notReady);
    await open().bootstrap();
    expect(server.faults).toEqual([]);
  });
  it('adds vectors that a newer schema brings, and leaves points and other vectors as they are', async () => {
    await index.upsert([{ ...point, vectors: { ...point.vectors, ocr: new Float32Array(4).with(1, 1) } }]);
    const before = server.requests.length;
    const schema = {
      ...CONTRACT_SCHEMA,
      vectors: { vision: 8, words: 6 },
      sparse: [...CONTRACT_SCHEMA.sparse, 'letters'],
    };
    const newer = open({ schema });
    await newer.bootstrap();
    const written = server.requests.slice(before).filter(({ method }) => method !== 'GET');
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
    await index.upsert([point]);
    const semblance = { ...OWNER, namespace: '00000000-0000-4000-8000-00000000000f' };
    await send('PATCH', '', { metadata: { semblance } });
    await expect(open().bootstrap()).rejects.toEqual(
      failing('index_rejected', /belongs to another gallery \(namespace .*0f, model model-1\)/),
    );
    expect(await index.count()).toBe(1);
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
    expect(server.requests.filter(({ method }) => method === 'PATCH').at(-1)?.body).toEqual({
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

describe('what is asked', () => {
  it('waits for writes', async () => {
    await index.upsert([point]);
    await index.setPayload([point.id], { name: 'b' });
    await index.delete([point.id]);
    expect(lastRequests(3)).toEqual([
      `PUT /collections/${NAME}/points?wait=true`,
      `POST /collections/${NAME}/points/payload?wait=true`,
      `POST /collections/${NAME}/points/delete?wait=true`,
    ]);
  });
  it('asks for no compression, and keeps its connections', () => {
    for (const { headers } of server.requests.slice(0, 5))
      expect(headers).toMatchObject({ 'accept-encoding': 'identity', connection: 'keep-alive' });
  });
  it('ranks a fixed number of candidates by the original vectors, several queries in one request', async () => {
    await index.query([
      { ...nearest, payload: ['name'] },
      { ...nearest, offset: 900, best: { positive: [nearest.nearest], negative: [] } },
    ]);
    expect(lastRequests(1)).toEqual([`POST /collections/${NAME}/points/query/batch`]);
    const { searches } = Object(server.requests.at(-1)?.body);
    const candidates = {
      limit: 1024,
      params: { hnsw_ef: 1024, quantization: { rescore: false } },
    };
    const ranked = { prefetch: expect.objectContaining(candidates), params: { exact: true } };
    expect(searches).toEqual([
      expect.objectContaining({ ...ranked, with_payload: ['name'], limit: 11 }),
      expect.objectContaining({ ...ranked, with_payload: false, limit: 19, offset: 892 }),
    ]);
  });
  it('patches by a filter, so that an id that is gone does not fail the others', async () => {
    const ids = Array.from({ length: 99 }, (_, i) => point.id.replace('00000001', `0000${1000 + i}`));
    await index.upsert(ids.map(id => ({ ...point, id })));
    await index.delete(ids.slice(63, 64));
    await index.setPayload(ids, { name: 'set' });
    expect(await index.count({ must: [{ key: 'name', match: { value: 'set' } }] })).toBe(98);
  });
  it('goes in parts of 100 points', async () => {
    const many = Array.from({ length: 250 }, (_, i) => ({
      ...point,
      id: point.id.replace('0000-4', `${1000 + i}-4`),
    }));
    await index.upsert(many);
    expect(lastRequests(4).filter(path => path.startsWith(`PUT /collections/${NAME}/points`))).toHaveLength(
      3,
    );
    expect(await index.count()).toBe(250);
  });

  describe('of the server that the URL names', () => {
    afterEach(() => vi.unstubAllGlobals());
    it.each([
      ['https://x.cloud.qdrant.io', 'https://x.cloud.qdrant.io:443'],
      ['https://x.cloud.qdrant.io:6333/', 'https://x.cloud.qdrant.io:6333'],
      ['http://qdrant', 'http://qdrant:6333'],
      ['http://127.0.0.1:7000', 'http://127.0.0.1:7000'],
      ['https://host/behind/proxy/', 'https://host:443/behind/proxy'],
    ])('%s', async (url, expected) => {
      const asked: string[] = [];
      vi.stubGlobal('fetch', async (to: string) => {
        asked.push(to);
        return Response.json({ status: { error: 'no' } }, { status: 400 });
      });
      await expect(open({ url }).count()).rejects.toEqual(failing('index_rejected', 'no'));
      expect(asked).toEqual([`${expected}${PATH}/points/count`]);
    });
  });
});

describe('what may heal is tried again:', () => {
  it.each([
    ['an overloaded server', { status: 503 }],
    ['an empty answer', { status: 200, body: '{}' }],
    ['a proxy without words', { status: 502, body: '' }],
    ['a response cut short', { status: 200, body: '{"result":{"count":' }],
    ['too many requests', { status: 429, headers: { 'retry-after': '1' } }],
    ['a connection that breaks off', { kind: 'reset' as const }],
    [
      'a paused cluster',
      { status: 404, body: '404 page not found', headers: { 'content-type': 'text/plain' } },
    ],
  ])('%s', async (_, fault) => {
    server.faults.push(fault, fault);
    await index.upsert([point]);
    server.faults.push(fault);
    expect(await index.count()).toBe(1);
    expect(server.faults).toEqual([]);
  });
  it('a response that never comes, after the time-out', async () => {
    const hasty = open({ timeout: 200 });
    server.faults.push({ kind: 'hang' });
    expect(await hasty.count()).toBe(0);
  });
  it('a write whose answer was lost, without doing it twice', async () => {
    server.faults.push({ status: 504, done: true });
    await index.upsert([point]);
    expect(await index.count()).toBe(1);
  });
  it.each([
    ['503', { status: 503 }, /503 Injected/],
    ['429', { status: 429 }, /429/],
    ['a paused cluster', PAUSED, /paused/],
  ])('but not for ever: %s', async (_, fault, message) => {
    server.faults.push(fault, fault, fault, fault);
    await expect(index.query([nearest])).rejects.toEqual(failing('index_unavailable', message));
    expect(server.faults).toEqual([]);
  });
  it('a server that is down is unavailable until it is up', async () => {
    await server.down();
    await expect(index.count()).rejects.toEqual(
      failing('index_unavailable', /can't be reached|ECONNREFUSED/),
    );
    await server.up();
    expect(await index.count()).toBe(0);
  });
});

describe('what can’t heal is asked once:', () => {
  it('a rejected key', async () => {
    const guarded = await startQdrantServer({ apiKey: 'right' });
    const warn = vi.spyOn(console, 'warn').mockReturnValue();
    for (const apiKey of [undefined, 'wrong']) {
      const before = guarded.requests.length;
      await expect(open({ url: guarded.url, apiKey }).count()).rejects.toEqual(
        failing('index_denied', /401/),
      );
      expect(guarded.requests.length - before).toBe(1);
    }
    await open({ url: guarded.url, apiKey: 'right' }).bootstrap();
    warn.mockRestore();
    await guarded.close();
  });
  it('a request that the server rejects, with its words', async () => {
    const before = server.requests.length;
    await expect(index.query([{ ...nearest, using: 'nope' }])).rejects.toEqual(
      failing('index_rejected', /Wrong input: Not existing vector name error: nope/),
    );
    expect(server.requests.length - before).toBe(1);
  });
});

describe('a collection that is deleted meanwhile', () => {
  beforeEach(async () => {
    await index.upsert([point]);
    await send('DELETE', '', undefined);
  });
  const filter: Filter = { must: [{ key: 'name', match: { value: 'a' } }] };
  it.each<[string, (index: VectorIndex) => Promise<unknown>, unknown]>([
    ['a search', index => index.query([{ ...nearest, filter }]), [[]]],
    ['a list', index => index.scroll({ filter, limit: 1 }), { points: [], next: null }],
    ['a retrieve', index => index.retrieve([point.id]), []],
    ['a sample', index => index.sample({ filter, limit: 1 }), []],
    ['a count', index => index.count(filter), 0],
    ['a facet', index => index.facet({ key: 'name', filter, limit: 1 }), []],
    ['a patch', index => index.setPayload([point.id], { name: 'b' }), undefined],
    ['a delete', index => index.delete([point.id]), undefined],
    ['a write', index => index.upsert([point]), undefined],
  ])('is made again by %s, indexes and all, and what fills it is asked for', async (_, ask, response) => {
    const onMade = vi.fn(async () => {});
    const asked = open({ onMade });
    expect(await ask(asked)).toEqual(response);
    expect(onMade).toHaveBeenCalledOnce();
    await index.upsert([point]);
    expect(await index.count(filter)).toBe(1);
  });
});
