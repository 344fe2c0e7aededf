/**
 * `node bench/indexing.ts [images]`: how near indexing comes to what its parts cost. Decode, resize, inference
 * and thumbnails are each measured alone, in CPU seconds an image; the bar is 90 % of cores ÷ their sum. Told beside
 * them: what else is made of an image, and its way into the process that reads it, in both processes together.
 * CLIP ViT-B/32's shape, JPEGs of 12 and 2 megapixels made on the fly.
 */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { availableParallelism, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
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
import { shapeModel } from './models/shape-model.ts';
import { childProcesses, cpuOf, residentOf } from './processes.ts';

const IMAGES = Number(process.argv[2] ?? 200);
const ROUNDS = 21;
const HANDED_OVER = 200;
const MAX_PIXELS = 100_000_000;
const cores = availableParallelism();

const model = await shapeModel();
const folder = await mkdtemp(join(tmpdir(), 'semblance-bench-'));
try {
  for (const [width, height] of [
    [4000, 3000],
    [1632, 1224],
  ] as const) {
    const file = join(folder, `${width}.jpeg`);
    await writeFile(file, await (await syntheticPhoto(width, height)).jpeg({ quality: 88 }).toBuffer());
    console.log(`\n${width} × ${height} JPEG, ${(await readFile(file)).length} bytes`);
    const alone = await partsAlone(await readFile(file), model);
    const together = await indexAll(file, model);
    const bound = cores / alone;
    console.log(
      `${together.rate.toFixed(1)} images/s; ${cores} cores ÷ ${(alone * 1000).toFixed(1)} ms = ${bound.toFixed(1)}: ` +
        `${percent(together.rate / bound)}   (load average ${loadavg()[0]?.toFixed(1)})\n` +
        `by CPU time, which other programs disturb less: ${percent(alone / together.cpuSeconds)}`,
    );
  }
} finally {
  await rm(folder, { recursive: true, force: true });
}

/** CPU s an image of the four parts, in sum. */
async function partsAlone(bytes: Uint8Array, located: LocatedModel): Promise<number> {
  const encoder = await (await openModel(located)).openImage({ threads: 1 });
  const { input } = encoder.model;
  const limits = { maxPixels: MAX_PIXELS, short: smallestEdge(input), long: PREVIEW_EDGE, pixels: 0 };
  const image = await decodeImage(bytes, limits);
  const pixels = preparePixels(image.rgb, image, input);
  const parts = {
    decode: () => decodeImage(bytes, limits),
    resize: async () => preparePixels(image.rgb, image, input),
    inference: () => encoder.encodePixels(pixels),
    'thumbnail and preview': async () => {
      const large = await shrinkWithin(image.rgb, PREVIEW_EDGE);
      await encodeWebp(large, null);
      await encodeWebp(await shrinkWithin(large, THUMBNAIL_EDGE), null);
    },
  };
  let sum = 0;
  for (const [name, part] of Object.entries(parts)) {
    const seconds = await cpuSeconds(part);
    told(name, seconds);
    sum += seconds;
  }
  const small = await shrinkWithin(image.rgb, THUMBNAIL_EDGE);
  const facts = async () => {
    const tags = readMetadata(bytes);
    return [
      takenAt(bytes, tags),
      exifFacts(bytes, tags),
      sha1Hex(bytes),
      differenceHash(small),
      placeholderOf(small),
    ];
  };
  told('(facts and hashes)', await cpuSeconds(facts));
  told('(hand-over)', await handOver(bytes, located));
  await encoder.close();
  return sum;
}

function told(name: string, seconds: number): void {
  console.log(`  ${name.padEnd(22)} ${(seconds * 1000).toFixed(1).padStart(6)} ms of CPU`);
}

/** CPU s of sending so many bytes to a reading process that does nothing with them, and of its response. */
async function handOver({ length }: Uint8Array, located: LocatedModel): Promise<number> {
  const before = await childProcesses();
  const entry = new URL('../tests/images/misbehaving-process.ts', import.meta.url);
  const pool = openReaderPool({ model: located, maxPixels: MAX_PIXELS, workers: 1, entry });
  // its first byte says what the process does: answer
  const bytes = new Uint8Array(length).fill(OK, 0, 1);
  await pool.embed(bytes);
  const started = (await childProcesses()).filter(pid => !before.includes(pid));
  const [own, others] = [process.cpuUsage(), await cpuOf(started)];
  // many, since a process's time is told in hundredths of a second
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

/** Images a second and CPU s an image through the pool, reading the file included. */
async function indexAll(file: string, located: LocatedModel) {
  const pool = openReaderPool({ model: located, maxPixels: MAX_PIXELS, workers: cores });
  const describe = async () => pool.describe(await readFile(file), { ocr: false });
  await Promise.all(Array.from({ length: 4 * cores }, describe));

  const children = await childProcesses();
  const childrenBefore = await cpuOf(children);
  const delay = monitorEventLoopDelay({ resolution: 5 });
  delay.enable();
  const cpu = process.cpuUsage();
  const start = performance.now();
  let left = IMAGES;
  let peak = 0;
  await Promise.all(
    Array.from({ length: 2 * cores }, async () => {
      while (left-- > 0) {
        await describe();
        peak = Math.max(peak, await residentOf([process.pid, ...children]));
      }
    }),
  );
  const seconds = (performance.now() - start) / 1000;
  const { user, system } = process.cpuUsage(cpu);
  const cpuSeconds = ((user + system) / 1e6 + (await cpuOf(children)) - childrenBefore) / IMAGES;
  await pool.close();
  console.log(
    `  all of it, ${cores} workers    ${(cpuSeconds * 1000).toFixed(1).padStart(6)} ms of CPU an image, ` +
      `peak RSS ${(peak / 1e6).toFixed(0)} MB, main thread late by ${(delay.max / 1e6).toFixed(0)} ms at the most`,
  );
  return { rate: IMAGES / seconds, cpuSeconds };
}
