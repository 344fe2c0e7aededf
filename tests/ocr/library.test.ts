import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { measure, summarize } from '../../bench/retrieval/measure.ts';
import { readWordQueries } from '../../bench/retrieval/table.ts';
import { rankers, searchBy } from '../../bench/words/rankers.ts';
import { localAppDeps } from '../../functions/local/app-deps.ts';
import { GALLERY, type Local, openLocal } from '../../functions/local/compose.ts';
import { createApp } from '../../functions/search/app.ts';
import { VECTOR_OF } from '../../shared/catalog/collection.ts';
import { type Config, parseConfig } from '../../shared/config.ts';
import type { LibraryEvent } from '../../shared/indexing/library.ts';
import { sweep } from '../../shared/indexing/sweep.ts';
import { startWorkers } from '../../shared/indexing/workers.ts';
import type { Log } from '../../shared/log.ts';

const quiet: Log = { debug() {}, info() {}, warn() {}, error() {} };

const responseSchema = z.object({
  result: z.array(
    z.object({
      score: z.number(),
      img: z.object({ name: z.string(), ocr_text: z.string(), width: z.number(), height: z.number() }),
      explain: z
        .object({
          words: z.array(z.object({ text: z.string(), box: z.array(z.tuple([z.number(), z.number()])) })),
        })
        .nullish(),
    }),
  ),
});

let root: string;
let local: Local;
let ask: (path: string, body?: unknown) => Promise<Response>;
const emitted: LibraryEvent[] = [];

function openApp(on: Local, config: Config): typeof ask {
  const closing = new AbortController().signal;
  const app = createApp(localAppDeps({ local: on, config, page: null, log: quiet, closing }));
  return async (path, body) =>
    app.request(
      path,
      body === undefined
        ? {}
        : {
            method: 'POST',
            headers: { 'content-type': 'application/json' },
            body: JSON.stringify(body),
          },
    );
}

async function found(path: string, body?: unknown) {
  const response = await ask(path, body);
  expect(response.status).toBe(200);
  return responseSchema.parse(await response.json()).result;
}
const namesOf = (hits: Awaited<ReturnType<typeof found>>) => hits.map(({ img }) => img.name);

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'semblance-words-'));
  await cp(join(GALLERY, 'words'), join(root, 'images'), { recursive: true });
  const config = parseConfig({ SEMBLANCE_DATA: join(root, 'data'), SEMBLANCE_MODEL: 'demo' });
  local = await openLocal({ config, folder: join(root, 'images'), log: quiet });
  local.events.subscribe(event => emitted.push(event));
  const workers = startWorkers({ ...local, concurrency: local.workers, log: quiet });
  await sweep(local.sweepDeps);
  await workers.idle();
  await workers.stop();
  ask = openApp(local, config);
});

afterAll(async () => {
  await local?.close();
  await rm(root, { recursive: true, force: true });
});

describe('the lettered images of the gallery, indexed and searched', () => {
  it('are all found by what they show before their words are read', () => {
    const types = emitted.map(event => (event.type === 'progress' ? event.stage : event.type));
    expect(types.filter(type => type === 'indexed')).toHaveLength(37);
    expect(types.lastIndexOf('indexed')).toBeLessThan(types.lastIndexOf('words'));
    expect(types).not.toContain('failed');
  });

  it('are found first by words that stand there, in both languages, by dense, BM25 and both', async () => {
    const queries = readWordQueries().filter(({ kind }) => kind === 'exact');
    for (const ranker of ['meaning', 'BM25', 'words'] as const) {
      for (const { language, recallAt1 } of summarize(
        await measure(queries, searchBy(local.search, rankers[ranker])),
      ))
        expect([ranker, language, recallAt1 >= 0.9]).toEqual([ranker, language, true]);
    }
  });

  it('are found by what is meant: "new year" finds 新年快乐', async () => {
    const hits = await found('/search/query', { words: 'new year', basis: ['ocr'], count: 5 });
    expect(namesOf(hits)[0]).toBe('happy-new-year.webp');
    expect(namesOf(hits)).toContain('xin-nian-kuai-le.webp');
  });

  it('are found in traditional characters by simplified ones, and the reverse', async () => {
    const first = async (words: string) =>
      namesOf(await found('/search/query', { words, basis: ['ocr'] }))[0];
    expect(await first('"车票"')).toBe('che-piao.webp');
    expect(await first('"新年快樂"')).toBe('xin-nian-kuai-le.webp');
  });

  it('are narrowed by quotes and minus, down to a single character', async () => {
    const tea = namesOf(await found('/search/query', { words: '"茶"', basis: ['ocr'] }));
    expect(tea.toSorted()).toEqual(['cha-guan.webp', 'nai-cha.webp']);
    const without = namesOf(await found('/search/query', { words: '"茶" -买一送一', basis: ['ocr'] }));
    expect(without).toEqual(['cha-guan.webp']);
    expect(namesOf(await found('/search/query', { words: '"park"', basis: ['ocr'] }))).toEqual([]);
  });

  it('say which words matched and where', async () => {
    const body = { words: '禁止停车', basis: ['ocr'], explain: true, count: 1 };
    const [hit] = await found('/search/query', body);
    expect(hit?.img.ocr_text).toContain('禁止停车');
    expect(hit?.explain?.words.map(({ text }) => text)).toEqual(['禁止停车']);
    for (const [x, y] of hit?.explain?.words[0]?.box ?? []) {
      expect(x).toBeGreaterThanOrEqual(0);
      expect(x).toBeLessThan(hit?.img.width ?? 0);
      expect(y).toBeGreaterThan(0);
      expect(y).toBeLessThan(hit?.img.height ?? 0);
    }
  });
});

describe('the older routes', () => {
  it('rank by the cosine of the dense vectors', async () => {
    const hits = await found('/search/text/HAPPY%20new%20year?basis=ocr&count=5');
    const nearest = await local.ocrText?.encodeText('happy new year');
    const [expected = []] = await local.index.query([
      { using: VECTOR_OF.ocr, nearest: nearest?.vector ?? new Float32Array(), limit: 5 },
    ]);
    expect(hits.map(({ score }) => score.toFixed(5))).toEqual(expected.map(({ score }) => score.toFixed(5)));
  });

  it('keep that order when only images with exactly these words may come', async () => {
    const all = namesOf(await found('/search/text/happy?basis=ocr&count=37'));
    const exact = namesOf(await found('/search/text/happy?basis=ocr&count=37&exact=true'));
    expect(exact.toSorted()).toEqual(['happy-birthday.webp', 'happy-new-year.webp']);
    expect(exact).toEqual(all.filter(name => exact.includes(name)));
  });

  it('fuse what images show with the words in them by reciprocal rank', async () => {
    const query = { criteria: ['automobile'], extra_prompt: 'no parking' };
    const combined = await found('/search/combined?basis=vision&count=5', query);
    const hybrid = await found('/search/hybrid?count=5', {
      vision: { criteria: ['automobile'] },
      ocr: { criteria: ['no parking'] },
    });
    // Both have the words, one in each language.
    expect(namesOf(combined).slice(0, 3)).toEqual(
      expect.arrayContaining(['no-parking.webp', 'jin-zhi-ting-che.webp']),
    );
    expect(namesOf(hybrid)).toEqual(namesOf(combined));
    // The first of a list scores 1/(2 + 0).
    expect(combined[0]?.score).toBeGreaterThan(0.5);
    expect(combined[0]?.score).toBeLessThanOrEqual(1);
  });
});

describe('with SEMBLANCE_OCR=off', () => {
  it('vision is what is left, and a search for words is rejected with that reason', async () => {
    const config = parseConfig({
      SEMBLANCE_DATA: join(root, 'data-off'),
      SEMBLANCE_MODEL: 'demo',
      SEMBLANCE_OCR: 'off',
    });
    const off = await openLocal({ config, folder: join(root, 'images'), log: quiet });
    try {
      const askOff = openApp(off, config);
      expect(await (await ask('/')).json()).toMatchObject({ available_basis: ['vision', 'ocr'] });
      expect(await (await askOff('/')).json()).toMatchObject({ available_basis: ['vision'] });
      expect((await askOff('/search/text/cat')).status).toBe(200);
      const rejected = await Promise.all([
        askOff('/search/text/cat?basis=ocr'),
        askOff('/search/combined', { criteria: ['a'], extra_prompt: 'b' }),
        askOff('/search/hybrid', { vision: { criteria: ['a'] }, ocr: { criteria: ['b'] } }),
        askOff('/search/query', { words: 'a' }),
      ]);
      expect(rejected.map(({ status }) => status)).toEqual([400, 400, 400, 400]);

      const outcome = await off.reconcile('sale.webp');
      expect(outcome).toMatchObject({ type: 'indexed' });
      const [point] = await off.index.retrieve([outcome.id], { vectors: Object.values(VECTOR_OF) });
      expect(Object.keys(point?.vectors ?? {})).toEqual(['vision']);
      expect(point?.payload).not.toHaveProperty('ocr_text');
    } finally {
      await off.close();
    }
  });
});
