/**
 * `node --max-semi-space-size=8 --import ./scripts/compile-cache.mjs bench/scale.ts [points] [folder]`: the embedded
 * index, in a process started as `npm start` starts its own, at 1,000,000 points unless told. They are clustered, as
 * images of the same things are; a third bears words. The folder keeps the index (5 GB at 1,000,000, written in
 * several minutes), so that a second run begins with opening it. Beside the times, in the same run, a plain
 * JavaScript scan of 100,000 of the vectors: the ratio holds on any machine.
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setImmediate, setTimeout } from 'node:timers/promises';
import { browseFields } from '../shared/catalog/browse-fields.ts';
import { collectionSchema, OCR_TERMS, VECTOR_OF } from '../shared/catalog/collection.ts';
import { exifSchema } from '../shared/catalog/exif.ts';
import { WORDS_VERSION } from '../shared/catalog/words-version.ts';
import { lettersOf, phraseOf } from '../shared/ocr/tokens.ts';
import { openEmbeddedIndex } from '../shared/vectors/embedded-index.ts';
import { dot } from '../shared/vectors/exact-vectors.ts';
import type { Filter } from '../shared/vectors/filter.ts';
import { seeded } from '../shared/vectors/seeded.ts';
import { unit } from '../shared/vectors/unit.ts';
import type { Point, VectorIndex } from '../shared/vectors/vector-index.ts';

const DIMENSION = 512;
const WORDS_DIMENSION = 384;
const PLAIN = 100_000;
const ROUNDS = 21;
const BATCH = 2000;
/** Queries whose hundred best are compared with a scan of the vectors, which is made while they are written. */
const COMPARED = 20;

const size = Number(process.argv[2] ?? 1_000_000);
const kept = process.argv[3];
/** What a process of its own does, so that its memory is not counted. */
const part = process.argv[4];
const folder = kept ?? (await mkdtemp(join(tmpdir(), 'semblance-scale-')));
const file = join(folder, 'index.sqlite');
const schema = collectionSchema(DIMENSION, WORDS_DIMENSION);

const random = seeded(1);
const bell = (): number => random() + random() + random() - 1.5;
/** Vectors around centres, which are made anew each time, so that they take no memory of this process. */
const clusters = (dimension: number, count: number): (() => Float32Array) => {
  return () => {
    const ofCentre = seeded(Math.floor(random() ** 2 * count) + dimension * 65_536);
    const centre = Float32Array.from({ length: dimension }, () => ofCentre() + ofCentre() + ofCentre() - 1.5);
    return unit(centre.map(value => value + 0.6 * bell()));
  };
};
const imageVector = clusters(DIMENSION, 2000);
const wordsVector = clusters(WORDS_DIMENSION, 500);
const hex = (digits: number): string =>
  Array.from({ length: digits }, () => Math.floor(random() * 16).toString(16)).join('');
const uuid = (): string => `${hex(8)}-${hex(4)}-5${hex(3)}-8${hex(3)}-${hex(12)}`;

const NO_EXIF = exifSchema.parse(
  Object.fromEntries(Object.keys(exifSchema.shape).map(field => [field, null])),
);

/** As much as an image has, all filtered fields among it: twenty words in a third of them, one star in twenty. */
function pointOf(n: number): Point {
  const key = `photos/${2010 + (n % 15)}/${n % 40}/IMG_${n}.jpeg`;
  const name = `IMG_${n}.jpeg`;
  const taken = new Date(1.5e12 + random() * 3e11).toISOString();
  const words = n % 3 === 0 ? `some words that stand in image ${n}` : '';
  const exif = { ...NO_EXIF, camera: `Camera ${n % 12}`, lens: `Lens ${n % 20}` };
  const [width, height] = [2000 + Math.floor(random() * 2000), 3000];
  return {
    id: uuid(),
    vectors: { [VECTOR_OF.vision]: imageVector(), ...(words && { [VECTOR_OF.ocr]: wordsVector() }) },
    ...(words && {
      sparse: {
        [OCR_TERMS]: {
          indices: Array.from({ length: 20 }, (_, i) => i * 1000 + Math.floor(random() * 1000)),
          values: Array<number>(20).fill(1),
        },
      },
    }),
    payload: {
      key,
      name,
      etag: hex(32),
      format: n % 4 === 0 ? 'png' : 'jpeg',
      bytes: 1e6 + Math.floor(random() * 9e6),
      sha1: hex(40),
      width,
      height,
      aspect_ratio: width / height,
      starred: n % 20 === 0,
      skip_ocr: false,
      local: true,
      dhash: hex(16),
      categories: [`category ${n % 100}`, 'all'],
      taken_local: taken,
      index_date: new Date(1.7e12 + n * 1000).toISOString(),
      name_phrase: phraseOf(name),
      ...browseFields({ key, name, takenAt: taken, exif }),
      ocr_text: words,
      ocr_phrase: phraseOf(words),
      ocr_letters: lettersOf(words),
      words_version: WORDS_VERSION,
    },
  };
}

const quantile = (times: number[], q: number): number =>
  times.toSorted((a, b) => a - b)[Math.floor(times.length * q)] ?? Number.NaN;

async function timesOf(work: () => unknown, rounds = ROUNDS): Promise<number[]> {
  const times: number[] = [];
  for (let i = 0; i < rounds; i++) {
    const start = performance.now();
    await work();
    times.push(performance.now() - start);
    // Each request has a turn of the event loop of its own.
    await setImmediate();
  }
  return times;
}

/** ms of all dot products with 100,000 vectors in plain JavaScript, best of seven. */
async function plainScan(): Promise<number> {
  const matrix = new Float32Array(PLAIN * DIMENSION).map(() => random() - 0.5);
  const query = imageVector();
  const scan = () => {
    let best = Number.NEGATIVE_INFINITY;
    for (let at = 0; at < matrix.length; at += DIMENSION) {
      let sum = 0;
      for (let i = 0; i < DIMENSION; i++) sum += matrix[at + i]! * query[i]!;
      if (sum > best) best = sum;
    }
    return best;
  };
  return Math.min(...(await timesOf(scan, 7)));
}

/** MB of a line of /proc/self/status. */
const memory = (name: string): string => {
  const kilobytes = new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(
    readFileSync('/proc/self/status', 'utf8'),
  )?.[1];
  return `${Math.round(Number(kilobytes) / 1024)} MB`;
};
const show = (name: string, ...cells: string[]): void =>
  console.log(`${name.padEnd(44)}${cells.map(cell => cell.padStart(14)).join('')}`);

type Ranked = { readonly id: string; readonly score: number }[];
type Compared = { readonly query: readonly number[]; readonly best: Ranked }[];

/** Writes the index, and finds the hundred best of some queries on the way. */
async function write(): Promise<Compared> {
  const index = await openEmbeddedIndex({ file, schema });
  const compared = Array.from({ length: COMPARED }, () => ({ query: imageVector(), best: [] as Ranked }));
  for (let n = await index.count(); n < size; n += BATCH) {
    const points = Array.from({ length: Math.min(BATCH, size - n) }, (_, i) => pointOf(n + i));
    await index.upsert(points);
    for (const each of compared) {
      for (const { id, vectors } of points)
        each.best.push({ id, score: dot(each.query, vectors[VECTOR_OF.vision]!) });
      each.best = each.best.sort((a, b) => b.score - a.score || (a.id < b.id ? -1 : 1)).slice(0, 100);
    }
    if (n % 100_000 === 0) process.stderr.write(`\r${n} points written`);
  }
  process.stderr.write('\n');
  await index.close();
  return compared.map(({ query, best }) => ({ query: [...query], best }));
}

async function compare(index: VectorIndex, compared: Compared): Promise<void> {
  let same = 0;
  for (const { query, best } of compared) {
    const [list = []] = await index.query([
      { using: VECTOR_OF.vision, nearest: Float32Array.from(query), limit: 100 },
    ]);
    same += Number(list.every(({ id, score }, i) => best[i]?.id === id && best[i].score === score));
  }
  show('top 100 and scores as a scan of the vectors', `${same} of ${compared.length}`);
}

async function measure(index: VectorIndex, plain: number): Promise<void> {
  const nearest = () => ({ using: VECTOR_OF.vision, nearest: imageVector(), limit: 20 });
  const starred: Filter = { must: [{ key: 'starred', match: { value: true } }] };
  const words = { using: OCR_TERMS, sparse: { indices: [5, 1007, 3010], values: [1, 1, 1] }, limit: 20 };
  const order = { keys: ['index_date'], direction: 'desc' } as const;
  const { points } = await index.scroll({ limit: 50, payload: false });
  let star = 0;
  const setStar = () => index.setPayload([points[star++ % points.length]!.id], { starred: true });
  const alike = Array.from({ length: 64 }, () => ({
    using: VECTOR_OF.vision,
    nearest: imageVector(),
    alike: { key: 'dhash', hash: hex(16), bits: 12 },
    limit: 101,
    scoreThreshold: 0.96,
  }));
  const rows: [string, () => unknown][] = [
    ['nearest 20', () => index.query([nearest()])],
    ['nearest 20, 5 % pass a filter', () => index.query([{ ...nearest(), filter: starred }])],
    [
      'nearest 20, 95 % pass a filter',
      () => index.query([{ ...nearest(), filter: { must_not: [starred] } }]),
    ],
    ['nearest 1000', () => index.query([{ ...nearest(), limit: 1000 }])],
    [
      'best score, 3 examples',
      () =>
        index.query([
          { ...nearest(), best: { positive: [imageVector(), imageVector()], negative: [imageVector()] } },
        ]),
    ],
    ['nearest words', () => index.query([{ ...nearest(), using: VECTOR_OF.ocr, nearest: wordsVector() }])],
    ['three words', () => index.query([words])],
    ['a phrase', () => index.count({ must: [{ key: 'ocr_phrase', match: { phrase: 'image 3000' } }] })],
    ['one digest', () => index.count({ must: [{ key: 'sha1', match: { value: hex(40) } }] })],
    ['random 30', () => index.sample({ limit: 30 })],
    ['random 30 of 5 %', () => index.sample({ limit: 30, filter: starred })],
    ['random 30 by a seed', () => index.shuffle({ seed: hex(8), skip: 0, limit: 30 })],
    ['random 30 by a seed, after 3,000', () => index.shuffle({ seed: hex(8), skip: 3000, limit: 30 })],
    ['page of 30 by id', () => index.scroll({ limit: 30, offset: uuid() })],
    ['page of 30 by id of 5 %', () => index.scroll({ limit: 30, offset: uuid(), filter: starred })],
    ['page of 30 by date', () => index.scrollOrdered({ limit: 30, order })],
    ['duplicates of 64 points', () => index.query(alike)],
    ['count of 5 %', () => index.count(starred)],
    ['facet of categories', () => index.facet({ key: 'categories', limit: 20 })],
    ['facet of 5 %', () => index.facet({ key: 'categories', limit: 20, filter: starred })],
    ['a star, set and durable', setStar],
  ];
  show('', 'p50 ms', 'best ms', '÷ plain', 'loop late ms', 'first ms');
  for (const [name, work] of rows) {
    const delay = monitorEventLoopDelay({ resolution: 1 });
    delay.enable();
    // The first interval is not counted: without a pause, what holds the loop at the start would be missed.
    await setTimeout(5);
    const [first = 0] = await timesOf(work, 1);
    const times = await timesOf(work);
    await setTimeout(5);
    delay.disable();
    const best = Math.min(...times);
    show(
      name,
      quantile(times, 0.5).toFixed(2),
      best.toFixed(2),
      (best / plain).toFixed(3),
      (delay.max / 1e6).toFixed(0),
      first.toFixed(1),
    );
  }
  let searching = true;
  const searches = Promise.all(
    [0, 1].map(async () => {
      while (searching) await index.query([nearest()]);
    }),
  );
  const stars = await timesOf(setStar, 51);
  searching = false;
  await searches;
  show('a star while two search', quantile(stars, 0.5).toFixed(2), Math.min(...stars).toFixed(2));
}

/** The result of a part, from a process of its own. */
async function inProcess<T>(name: string): Promise<T> {
  const child = fork(new URL(import.meta.url), [String(size), folder, name]);
  const [result] = await once(child, 'message');
  return result as T;
}

async function main(): Promise<void> {
  const started = performance.now();
  const compared = await inProcess<Compared>('write');
  show('written in', `${((performance.now() - started) / 1000).toFixed(0)} s`);
  const opening = performance.now();
  const index = await openEmbeddedIndex({ file, schema });
  show('opened in', `${((performance.now() - opening) / 1000).toFixed(1)} s`);
  show('RSS opened, and its peak', memory('VmRSS'), memory('VmHWM'));
  const plain = await inProcess<number>('plain');
  show('plain JavaScript scan of 100,000', `${plain.toFixed(1)} ms`, `load ${loadavg()[0]?.toFixed(1)}`);
  await measure(index, plain);
  show('RSS after all, and its peak', memory('VmRSS'), memory('VmHWM'));
  show('plain JavaScript scan of 100,000', `${(await inProcess<number>('plain')).toFixed(1)} ms`);
  if (compared[0]?.best.length === 100) await compare(index, compared);
  const closing = performance.now();
  await index.close();
  show(
    'closed in',
    `${((performance.now() - closing) / 1000).toFixed(1)} s`,
    `load ${loadavg()[0]?.toFixed(1)}`,
  );
}

if (part === 'write') process.send?.(await write(), () => process.disconnect());
else if (part === 'plain') process.send?.(await plainScan(), () => process.disconnect());
else {
  await main();
  if (kept === undefined) await rm(folder, { recursive: true });
}
