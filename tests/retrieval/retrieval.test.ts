import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  measure,
  type Outcome,
  type Summary,
  searchByText,
  summarize,
} from '../../bench/retrieval/measure.ts';
import { readGallery, readQueries } from '../../bench/retrieval/table.ts';
import { localAppDeps } from '../../functions/local/app-deps.ts';
import { GALLERY, type Local, openLocal } from '../../functions/local/compose.ts';
import { createApp } from '../../functions/search/app.ts';
import { parseConfig } from '../../shared/config.ts';
import { sweep } from '../../shared/indexing/sweep.ts';
import type { SweepReport } from '../../shared/indexing/sweep-options.ts';
import { startWorkers } from '../../shared/indexing/workers.ts';
import type { Log } from '../../shared/log.ts';
import { SUGGESTIONS } from '../../web/src/suggestions.ts';

/** What the demo model's card says of Fluent Emoji Flat, less five points. */
const BAR = { en: { at1: 0.92, at10: 0.95 }, zh: { at1: 0.9, at10: 0.95 } } as const;

const quiet: Log = { debug() {}, info() {}, warn() {}, error() {} };

let data: string;
let local: Local;
let outcomes: readonly Outcome[];
let summaries: readonly Summary[];
let after: SweepReport;

beforeAll(async () => {
  data = await mkdtemp(join(tmpdir(), 'semblance-retrieval-'));
  const config = parseConfig({ SEMBLANCE_DATA: data, SEMBLANCE_OCR: 'off' });
  local = await openLocal({ config, folder: GALLERY, log: quiet });
  const workers = startWorkers({ ...local, concurrency: local.workers, log: quiet });
  await sweep(local.sweepDeps);
  await workers.idle();
  await workers.stop();
  const closing = new AbortController().signal;
  const app = createApp(localAppDeps({ local, config, page: null, log: quiet, closing }));
  outcomes = await measure(
    readQueries(),
    searchByText(async (path, init) => app.request(path, init)),
  );
  summaries = summarize(outcomes);
  after = await sweep(local.sweepDeps);
}, 300_000);

afterAll(async () => {
  await local?.close();
  await rm(data, { recursive: true, force: true });
});

describe('the demo gallery, indexed and searched through the app', () => {
  it('holds images alone, all of which are indexed', async () => {
    expect(after).toMatchObject({ objects: readGallery().length, queued: 0, failed: 0 });
    expect(await local.index.count()).toBe(readGallery().length);
  });

  it.each(['en', 'zh'] as const)(
    'finds single things as well as the model card says, less five points: %s',
    language => {
      const single = summaries.find(it => it.kind === 'single' && it.language === language);
      expect(single?.recallAt1).toBeGreaterThanOrEqual(BAR[language].at1);
      expect(single?.recallAt10).toBeGreaterThanOrEqual(BAR[language].at10);
    },
  );

  it('finds a right image first for each search that the page suggests', () => {
    const wrong = SUGGESTIONS.flatMap(({ en, zh }) => [en, zh]).filter(
      text => outcomes.find(({ query }) => query.text === text)?.rank !== 1,
    );
    expect(wrong).toEqual([]);
  });

  it('has at least 80 queries, half of them Chinese', () => {
    const count = (language: string) =>
      summaries.filter(it => it.language === language).reduce((sum, { queries }) => sum + queries, 0);
    expect(count('en')).toBeGreaterThanOrEqual(40);
    expect(count('zh')).toBe(count('en'));
  });
});
