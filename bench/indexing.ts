/**
 * `node bench/indexing.ts [images]`: how near indexing comes to what its parts cost. Decode, resize, inference
 * and thumbnails are each measured in CPU seconds an image, alone, and by a process for each core at the same time, as
 * they are when images are indexed: they share caches and memory. The bar is 90 % of cores ÷ their sum. Told beside
 * them: what else is made of an image, and its way into the process that reads it, in both processes together.
 * CLIP ViT-B/32's shape, JPEGs of 12 and 2 megapixels made on the fly.
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { availableParallelism, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { sha1Hex } from '../shared/catalog/ids.ts';
import { PREVIEW_EDGE, THUMBNAIL_EDGE } from '../shared/catalog/limits.ts';
import { decodeImage } from '../shared/images/decode.ts';
import { exifFacts } from '../shared/images/exif-facts.ts';
import { readMetadata } from '../shared/images/exif-tags.ts';
import { differenceHash, placeholderOf } from '../shared/images/fingerprints.ts';
import { preparePixels } from '../shared/images/preprocess.ts';
import { smallestEdge } from '../shared/images/reader.ts';
import { openReaderPool } from '../shared/images/reader-pool.ts';
import { takenAt } from '../shared/images/taken-at.ts';
import { encodeWebp, shrinkWithin } from '../shared/images/thumbnails.ts';
import type { LocatedModel } from '../shared/models/model-folder.ts';
import { openModel } from '../shared/models/onnx-encoder.ts';
import { OK } from '../tests/images/misbehaving-process.ts';
import { syntheticPhoto } from '../tests/images/synthetic-photo.ts';
import { indexImages } from './index-images.ts';
import { shapeModel } from './models/shape-model.ts';
import { childProcesses, cpuOf } from './processes.ts';

const ROUNDS = 21;
const HANDED_OVER = 200;
const MAX_PIXELS = 100_000_000;
const cores = availableParallelism();
/** How a process of this file is told that it measures the parts of a file. */
const PARTS = 'parts';

async function main(images: number): Promise<void> {
  const located = await shapeModel();
  const folder = await mkdtemp(join(tmpdir(), 'semblance-bench-'));
  try {
    for (const [width, height] of [
      [4000, 3000],
      [1632, 1224],
    ] as const) {
      const file = join(folder, `${width}.jpeg`);
      await writeFile(file, await (await syntheticPhoto(width, height)).jpeg({ quality: 88 }).toBuffer());
      const bytes = await readFile(file);
      console.log(
        `\n${width} × ${height} JPEG, ${bytes.length} bytes; ms of CPU alone, and on all cores at once`,
      );
      const [[alone = {}], together] = [await partsAtOnce(file, 1), await partsAtOnce(file, cores)];
      for (const name of Object.keys(alone)) told(name, alone[name]!, meanOf(together, name));
      told('(hand-over)', await handOver(bytes, located));
      const indexed = await indexImages(file, located, images);
      console.log(
        `  all of it, ${cores} workers    ${(indexed.cpuSeconds * 1000).toFixed(1).padStart(6)} ms of CPU an image, ` +
          `peak RSS ${(indexed.peak / 1e6).toFixed(0)} MB, main thread late by ${indexed.late.toFixed(0)} ms at the most`,
      );
      const share = (parts: number): string =>
        `${percent(indexed.rate / (cores / parts))} by the clock, ${percent(parts / indexed.cpuSeconds)} by CPU time`;
      const sums = [sumOf([alone]), sumOf(together)] as const;
      console.log(
        `${indexed.rate.toFixed(1)} images/s, which of ${cores} cores ÷ ${(sums[0] * 1000).toFixed(1)} ms is ${share(sums[0])};\n` +
          `of ${cores} cores ÷ ${(sums[1] * 1000).toFixed(1)} ms ${share(sums[1])}   (load average ${loadavg()[0]?.toFixed(1)})`,
      );
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** CPU s an image of each part; those in brackets are beside what is compared. */
type Parts = Record<string, number>;

/** Each by so many processes at the same time. */
const partsAtOnce = (file: string, processes: number): Promise<Parts[]> =>
  Promise.all(
    Array.from({ length: processes }, async () => {
      const [parts] = await once(fork(new URL(import.meta.url), [PARTS, file]), 'message');
      return parts as Parts;
    }),
  );

const meanOf = (all: readonly Parts[], name: string): number =>
  all.reduce((sum, parts) => sum + parts[name]!, 0) / all.length;

const sumOf = (all: readonly Parts[]): number =>
  Object.keys(all[0] ?? {})
    .filter(name => !name.startsWith('('))
    .reduce((sum, name) => sum + meanOf(all, name), 0);

async function partsOf(bytes: Uint8Array): Promise<Parts> {
  const encoder = await (await openModel(await shapeModel())).openImage({ threads: 1 });
  const { input } = encoder.model;
  const limits = { maxPixels: MAX_PIXELS, short: smallestEdge(input), long: PREVIEW_EDGE, pixels: 0 };
  const image = await decodeImage(bytes, limits);
  const pixels = preparePixels(image.rgb, image, input);
  const small = await shrinkWithin(image.rgb, THUMBNAIL_EDGE);
  const works = {
    decode: () => decodeImage(bytes, limits),
    resize: async () => preparePixels(image.rgb, image, input),
    inference: () => encoder.encodePixels(pixels),
    'thumbnail and preview': async () => {
      const large = await shrinkWithin(image.rgb, PREVIEW_EDGE);
      await encodeWebp(large, null);
      await encodeWebp(await shrinkWithin(large, THUMBNAIL_EDGE), null);
    },
    '(facts and hashes)': async () => {
      const tags = readMetadata(bytes);
      return [
        takenAt(bytes, tags),
        exifFacts(bytes, tags),
        sha1Hex(bytes),
        differenceHash(small),
        placeholderOf(small),
      ];
    },
  };
  const parts: Parts = {};
  for (const [name, work] of Object.entries(works)) parts[name] = await cpuSeconds(work);
  await encoder.close();
  return parts;
}

function told(name: string, ...seconds: number[]): void {
  const columns = seconds.map(each => (each * 1000).toFixed(1).padStart(8));
  console.log(`  ${name.padEnd(22)}${columns.join('')}`);
}

/** CPU s of sending so many bytes to a reading process that does nothing with them, and of its response. */
async function handOver({ length }: Uint8Array, located: LocatedModel): Promise<number> {
  const before = await childProcesses();
  const entry = new URL('../tests/images/misbehaving-process.ts', import.meta.url);
  const pool = openReaderPool({ model: located, maxPixels: MAX_PIXELS, workers: 1, entry });
  // The first byte says what the process does: it responds.
  const bytes = new Uint8Array(length).fill(OK, 0, 1);
  await pool.embed(bytes);
  const started = (await childProcesses()).filter(pid => !before.includes(pid));
  const [own, others] = [process.cpuUsage(), await cpuOf(started)];
  // There are many, since the CPU time of a process is measured in hundredths of a second.
  for (let i = 0; i < HANDED_OVER; i++) await pool.embed(bytes);
  const { user, system } = process.cpuUsage(own);
  const seconds = (user + system) / 1e6 + (await cpuOf(started)) - others;
  await pool.close();
  return seconds / HANDED_OVER;
}

async function cpuSeconds(work: () => Promise<unknown>): Promise<number> {
  await work();
  await work();
  const times: number[] = [];
  for (let i = 0; i < ROUNDS; i++) {
    const before = process.cpuUsage();
    await work();
    const { user, system } = process.cpuUsage(before);
    times.push((user + system) / 1e6);
  }
  return times.sort((a, b) => a - b)[ROUNDS >> 1] ?? Number.NaN;
}

function percent(ratio: number): string {
  return `${(100 * ratio).toFixed(0)} %`;
}

if (process.argv[2] === PARTS) {
  const parts = await partsOf(await readFile(process.argv[3]!));
  process.send?.(parts, () => process.disconnect());
} else await main(Number(process.argv[2] ?? 200));
