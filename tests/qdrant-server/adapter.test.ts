import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Filter } from '../../shared/vectors/filter.ts';
import type { VectorIndex } from '../../shared/vectors/vector-index.ts';
import { failing, NAME, nearest, point, prepareAdapter } from './adapter-harness.ts';
import { startQdrantServer } from './server.ts';

const adapter = prepareAdapter();
const { lastRequests, open, send } = adapter;
const PATH = `/collections/${NAME}`;
const PAUSED = { status: 404, body: '404 page not found', headers: { 'content-type': 'text/plain' } };

describe('requests', () => {
  it('waits for writes', async () => {
    await adapter.index.upsert([point]);
    await adapter.index.setPayload([point.id], { name: 'b' });
    await adapter.index.delete([point.id]);
    expect(lastRequests(3)).toEqual([
      `PUT /collections/${NAME}/points?wait=true`,
      `POST /collections/${NAME}/points/payload?wait=true`,
      `POST /collections/${NAME}/points/delete?wait=true`,
    ]);
  });
  it('asks for no compression, and keeps its connections', () => {
    for (const { headers } of adapter.server.requests.slice(0, 5))
      expect(headers).toMatchObject({ 'accept-encoding': 'identity', connection: 'keep-alive' });
  });
  it('ranks a fixed number of candidates by the original vectors, several queries in one request', async () => {
    await adapter.index.query([
      { ...nearest, payload: ['name'] },
      { ...nearest, offset: 900, best: { positive: [nearest.nearest], negative: [] } },
    ]);
    expect(lastRequests(1)).toEqual([`POST /collections/${NAME}/points/query/batch`]);
    const { searches } = Object(adapter.server.requests.at(-1)?.body);
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
    await adapter.index.upsert(ids.map(id => ({ ...point, id })));
    await adapter.index.delete(ids.slice(63, 64));
    await adapter.index.setPayload(ids, { name: 'set' });
    expect(await adapter.index.count({ must: [{ key: 'name', match: { value: 'set' } }] })).toBe(98);
  });
  it('goes in parts of 100 points', async () => {
    const many = Array.from({ length: 250 }, (_, i) => ({
      ...point,
      id: point.id.replace('0000-4', `${1000 + i}-4`),
    }));
    await adapter.index.upsert(many);
    expect(lastRequests(4).filter(path => path.startsWith(`PUT /collections/${NAME}/points`))).toHaveLength(
      3,
    );
    expect(await adapter.index.count()).toBe(250);
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
    ['an empty response', { status: 200, body: '{}' }],
    ['a proxy without words', { status: 502, body: '' }],
    ['a response cut short', { status: 200, body: '{"result":{"count":' }],
    ['too many requests', { status: 429, headers: { 'retry-after': '1' } }],
    ['a connection that breaks off', { kind: 'reset' as const }],
    [
      'a paused cluster',
      { status: 404, body: '404 page not found', headers: { 'content-type': 'text/plain' } },
    ],
  ])('%s', async (_, fault) => {
    adapter.server.faults.push(fault, fault);
    await adapter.index.upsert([point]);
    adapter.server.faults.push(fault);
    expect(await adapter.index.count()).toBe(1);
    expect(adapter.server.faults).toEqual([]);
  });
  it('a response that never comes, after the time-out', async () => {
    const hasty = open({ timeout: 200 });
    adapter.server.faults.push({ kind: 'hang' });
    expect(await hasty.count()).toBe(0);
  });
  it('a write whose response was lost, without doing it twice', async () => {
    adapter.server.faults.push({ status: 504, done: true });
    await adapter.index.upsert([point]);
    expect(await adapter.index.count()).toBe(1);
  });
  it.each([
    ['503', { status: 503 }, /503 Injected/],
    ['429', { status: 429 }, /429/],
    ['a paused cluster', PAUSED, /paused/],
  ])('but not for ever: %s', async (_, fault, message) => {
    adapter.server.faults.push(fault, fault, fault, fault);
    await expect(adapter.index.query([nearest])).rejects.toEqual(failing('index_unavailable', message));
    expect(adapter.server.faults).toEqual([]);
  });
  it('a server that is down is unavailable until it is up', async () => {
    await adapter.server.down();
    await expect(adapter.index.count()).rejects.toEqual(
      failing('index_unavailable', /can't be reached|ECONNREFUSED/),
    );
    await adapter.server.up();
    expect(await adapter.index.count()).toBe(0);
  });
});

describe('what can’t heal is requested once:', () => {
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
    const before = adapter.server.requests.length;
    await expect(adapter.index.query([{ ...nearest, using: 'nope' }])).rejects.toEqual(
      failing('index_rejected', /Wrong input: Not existing vector name error: nope/),
    );
    expect(adapter.server.requests.length - before).toBe(1);
  });
});

describe('a collection that is deleted meanwhile', () => {
  beforeEach(async () => {
    await adapter.index.upsert([point]);
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
  ])(
    'is made again by %s, with all its indexes, and a sweep that fills it is requested',
    async (_, ask, response) => {
      const onMade = vi.fn(async () => {});
      const asked = open({ onMade });
      expect(await ask(asked)).toEqual(response);
      expect(onMade).toHaveBeenCalledOnce();
      await adapter.index.upsert([point]);
      expect(await adapter.index.count(filter)).toBe(1);
    },
  );
});
