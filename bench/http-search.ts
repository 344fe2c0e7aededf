/**
 * `node bench/http-search.ts [images]`: text search through HTTP, one after another and with 32 clients at once,
 * turn by turn with the bare text encoder, which runs in this thread; the searches' encoder has a thread of its own, as
 * on the laptop. Of each the best round counts. CLIP ViT-B/32's shape, 10,000 images unless told, every text new.
 */
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { serve } from '../functions/local/serve.ts';
import { createApp } from '../functions/search/app.ts';
import { laptopLimits } from '../functions/search/deps.ts';
import { localUrls } from '../functions/search/local-urls.ts';
import { collectionSchema, VISION } from '../shared/catalog/collection.ts';
import { payloadSchema } from '../shared/catalog/payload.ts';
import type { TextEncoder } from '../shared/models/encoder.ts';
import { openModel } from '../shared/models/onnx-encoder.ts';
import { readWordsModel, WORDS_MODEL } from '../shared/ocr/words-model.ts';
import { openCalibrations } from '../shared/search/calibration.ts';
import { openTextThread } from '../shared/search/text-thread.ts';
import { openEmbeddedIndex } from '../shared/vectors/embedded-index.ts';
import type { VectorIndex } from '../shared/vectors/vector-index.ts';
import { type HttpClient, openHttpClient } from './http-client.ts';
import { shapeModel } from './models/shape-model.ts';

const CLIENTS = 32;
const ROUNDS = 10;
/** Calls a round. */
const ALONE = 50;
const TOGETHER = 320;

let texts = 1_000_000;
const newText = (): string =>
  `a photo of a ${['cat', 'dog', 'red car', 'boat'][texts % 4]} number ${texts++}`;

/** ms, ascending, of so many calls, so many of them at once. */
async function timesOf(count: number, atOnce: number, call: () => Promise<unknown>): Promise<number[]> {
  const times: number[] = [];
  let left = count;
  const client = async () => {
    while (left-- > 0) {
      const started = performance.now();
      await call();
      times.push(performance.now() - started);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, client));
  return times.sort((a, b) => a - b);
}

const quantile = (times: readonly number[], q: number): number =>
  times[Math.floor((times.length - 1) * q)] ?? 0;
const line = (what: string, times: readonly number[]): void =>
  console.log(
    `${what.padEnd(34)} p50 ${quantile(times, 0.5).toFixed(1).padStart(7)} ms   p95 ${quantile(times, 0.95).toFixed(1).padStart(7)} ms`,
  );

type Round = { readonly alone: number[]; readonly together: number[] };

const roundOf = async (call: () => Promise<unknown>): Promise<Round> => ({
  alone: await timesOf(ALONE, 1, call),
  together: await timesOf(TOGETHER, CLIENTS, call),
});

/** Of each kind the round with the lowest median. */
const bestOf = (rounds: readonly Round[], kind: keyof Round): number[] =>
  rounds.map(round => round[kind]).sort((a, b) => quantile(a, 0.5) - quantile(b, 0.5))[0] ?? [];

/** µs since `before`, of all threads or of one. */
const spent = (before: NodeJS.CpuUsage, now: NodeJS.CpuUsage): number =>
  now.user + now.system - before.user - before.system;

type Searches = { readonly round: Round; readonly cpu: number };

/** The clients, in a thread of their own so that they don't take the server's; a round whenever they are told. */
function clients(url: string): void {
  texts = 5_000_000;
  parentPort?.on('message', async () => {
    const open: HttpClient[] = [];
    const idle: HttpClient[] = [];
    const search = async (): Promise<void> => {
      const client = idle.pop() ?? (await openHttpClient(url));
      if (!open.includes(client)) open.push(client);
      const status = await client.get(`/search/text/${encodeURIComponent(newText())}?count=30`);
      if (status !== 200) throw new Error(`status ${status}`);
      idle.push(client);
    };
    const before = process.threadCpuUsage();
    const round = await roundOf(search);
    parentPort?.postMessage({ round, cpu: spent(before, process.threadCpuUsage()) } satisfies Searches);
    for (const client of open) client.close();
  });
}

async function server(): Promise<void> {
  const images = Number(process.argv[2] ?? 10_000);
  const folder = await mkdtemp(join(tmpdir(), 'semblance-bench-'));
  const located = await shapeModel();
  const model = await openModel(located);
  const encoder = await model.openText();
  const wordsFolder = join(import.meta.dirname, '../models', WORDS_MODEL);
  const wordsInfo = await readWordsModel(wordsFolder);
  const texts = openTextThread({ model: located, modelInfo: model.info, wordsFolder, wordsInfo });
  const index = await filledIndex(join(folder, 'index.db'), images, model.info.dimension);
  const app = await serve(createApp(depsOf(index, texts.text)), { host: '127.0.0.1', port: 0 });
  try {
    console.log(`${images} images, ${CLIENTS} clients, load average ${loadavg()[0]?.toFixed(1)}`);
    const encode = () => encoder.encodeText(newText());
    const worker = new Worker(new URL(import.meta.url), { workerData: app.url });
    const encoding: Round[] = [];
    const searching: Round[] = [];
    const cpuRatios: number[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      const before = process.cpuUsage();
      encoding.push(await roundOf(encode));
      const between = process.cpuUsage();
      worker.postMessage('round');
      const [searches] = (await once(worker, 'message')) as [Searches];
      searching.push(searches.round);
      cpuRatios.push((spent(between, process.cpuUsage()) - searches.cpu) / spent(before, between));
    }
    await worker.terminate();
    const [encoderAlone, encoderTogether] = [bestOf(encoding, 'alone'), bestOf(encoding, 'together')];
    const [alone, together] = [bestOf(searching, 'alone'), bestOf(searching, 'together')];
    line('encoder, one after another', encoderAlone);
    line('search, one after another', alone);
    line(`encoder, ${CLIENTS} at once`, encoderTogether);
    line(`search, ${CLIENTS} clients`, together);
    const ratio = (q: number, a: number[], b: number[]) => (quantile(a, q) / quantile(b, q)).toFixed(2);
    console.log(
      `search ÷ encoder: alone p50 ${ratio(0.5, alone, encoderAlone)}; ${CLIENTS} at once p50 ${ratio(0.5, together, encoderTogether)}, p95 ${ratio(0.95, together, encoderTogether)}`,
    );
    cpuRatios.sort((a, b) => a - b);
    console.log(
      `by CPU time, that of the clients left out: ${quantile(cpuRatios, 0.5).toFixed(2)} in the median of ${ROUNDS} rounds`,
    );
  } finally {
    await app.close(0);
    await texts.close();
    await encoder.close();
    await index.close();
    await rm(folder, { recursive: true, force: true });
  }
}

async function filledIndex(file: string, count: number, dimension: number): Promise<VectorIndex> {
  const index = await openEmbeddedIndex({ file, schema: collectionSchema(dimension, dimension) });
  await index.bootstrap();
  for (let start = 0; start < count; start += 1_000) {
    await index.upsert(
      Array.from({ length: Math.min(1_000, count - start) }, (_, i) => ({
        id: randomUUID(),
        vectors: { [VISION]: Float32Array.from({ length: dimension }, () => Math.random() - 0.5) },
        payload: payloadOf(start + i),
      })),
    );
  }
  return index;
}

const payloadOf = (n: number) =>
  payloadSchema.parse({
    key: `2026/holiday/IMG_${n}.jpg`,
    name: `IMG_${n}.jpg`,
    etag: `"${n}"`,
    format: 'jpeg',
    bytes: 3_456_789,
    sha1: n.toString(16).padStart(40, '0'),
    width: 4000,
    height: 3000,
    aspect_ratio: 4 / 3,
    taken_at_source: 'file',
    taken_local: '2026-01-01T00:00:00Z',
    index_date: '2026-01-01T00:00:00.000Z',
    taken_at: '2025-08-01T12:00:00.000Z',
    placeholder: 'OCkKNwbqlGiHiHd/g4d4d4Z4V3EIFXgA',
    dhash: n.toString(16).padStart(16, '0'),
    has_thumbnail: true,
    has_preview: true,
    local: true,
    categories: ['holiday'],
  });

const untouched = new Proxy({}, { get: (_, name) => () => Promise.reject(new Error(String(name))) }) as never;

const depsOf = (index: VectorIndex, text: TextEncoder) => ({
  index,
  text,
  library: untouched,
  ocrText: null,
  calibrations: openCalibrations(index, console),
  images: untouched,
  models: [],
  urls: localUrls,
  uploads: untouched,
  originals: untouched,
  derived: untouched,
  servesFiles: false,
  page: null,
  indexingTrouble: () => null,
  ready: async () => {},
  about: {
    gallery: 'folder',
    model: { name: 'shape', demo: false, languages: ['en'] },
    notice: null,
  } as const,
  access: { accessTokens: [], adminTokens: [], corsOrigins: [], place: 'laptop' } as const,
  limits: laptopLimits({ maxBytes: 1, maxPixels: 1 }),
  temporaryFolder: tmpdir(),
  liveEvents: false,
  log: { debug() {}, info() {}, warn() {}, error: console.error },
});

await (isMainThread ? server() : clients(String(workerData)));
