/**
 * What a cold function costs, with the demo model and with one of CLIP ViT-B/32's exact shape: from the start
 * of the process to the first answer, memory, and the size of the image's layers. S3, SQS and Qdrant are small
 * servers on this machine, the disk is warm: what Lambda adds, fetching the image, isn't in it.
 *
 *   node bench/lambda.ts [runs]      10 by default; the best and the median are printed
 */
import { cp, mkdtemp, readFile, rm } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildTree, type TreeManifest } from '../scripts/build-lambda/build-tree.ts';
import { digestFile } from '../shared/models/download.ts';
import { modelFolder, writeLock } from '../shared/models/model-cache.ts';
import { MODEL_FILES } from '../shared/models/model-folder.ts';
import { DEMO_MODEL, resolveModel } from '../shared/models/registry.ts';
import { type Cloud, startCloud, urlEvent } from '../tests/lambda/cloud.ts';
import { type LambdaProcess, startLambda } from '../tests/lambda/lambda-process.ts';
import { shapeModelFolder } from './models/shape-model.ts';

const ROOT = join(import.meta.dirname, '..');
const SHAPE = 'bench/clip-vit-b32-shape@1';

const ms = (value: number) => `${value.toFixed(0)} ms`.padStart(8);
const mb = (value: number) => `${(value / 1e6).toFixed(1)} MB`.padStart(9);

const runs = Number(process.argv[2] ?? 10);
const scratch = await mkdtemp(join(tmpdir(), 'semblance-bench-'));
const images = await Promise.all(
  ['animals/cat-face.webp', 'animals/dog-face.webp', 'words/happy-birthday.webp'].map(async name => ({
    name,
    bytes: await readFile(join(ROOT, 'gallery', name)),
  })),
);

try {
  await layShapeModel(scratch);
  console.log(
    `Node ${process.version}, ${process.platform}-${process.arch}, ${availableParallelism()} cores, ${runs} runs\n`,
  );
  for (const model of [DEMO_MODEL, SHAPE]) await measure(model);
} finally {
  await rm(scratch, { recursive: true, force: true });
}

/** Puts the shape where `models pull` would have put it. */
async function layShapeModel(cacheFolder: string) {
  const folder = modelFolder(resolveModel(SHAPE), cacheFolder);
  await cp(await shapeModelFolder(), folder, { recursive: true });
  const files = await Promise.all(
    MODEL_FILES.map(async path => [path, await digestFile(join(folder, path))] as const),
  );
  await writeLock(folder, { name: SHAPE, files: Object.fromEntries(files) });
}

async function measure(model: string) {
  const tree = join(scratch, 'tree');
  const manifest = await buildTree({
    model,
    modelCache: scratch,
    architecture: 'x86_64',
    target: tree,
    packageCache: join(ROOT, 'node_modules/.cache/semblance-lambda'),
  });
  console.log(`Model ${model}`);
  printLayers(manifest);
  const cloud = await startCloud(model);
  const start = (name: 'embed' | 'search') =>
    startLambda({
      tree,
      temporary: scratch,
      command: `functions/${name}/handler.handler`,
      environment: name === 'embed' ? cloud.embedEnvironment : cloud.searchEnvironment,
      timeout: 120,
    });
  try {
    // The first run fills the index for the others.
    await report(
      'first image indexed, its words read',
      () => start('embed'),
      embed => index(embed, cloud),
    );
    await report(
      'first text answer',
      () => start('search'),
      search => response(search, 'text'),
    );
    await report(
      'first image answer',
      () => start('search'),
      search => response(search, 'image'),
    );
  } finally {
    await cloud.close();
  }
  console.log();
}

async function report(
  what: string,
  start: () => Promise<LambdaProcess>,
  work: (lambda: LambdaProcess) => Promise<number>,
) {
  const samples: { init: number; total: number; memory: number }[] = [];
  for (let run = 0; run < runs; run++) {
    const lambda = await start();
    const invoked = await work(lambda);
    const memory = await lambda.peakMemory();
    samples.push({ init: lambda.initMs, total: lambda.initMs + invoked, memory });
    await lambda.stop();
  }
  samples.sort((a, b) => a.total - b.total);
  const best = samples[0];
  const median = samples[samples.length >> 1];
  const memory = Math.max(...samples.map(sample => sample.memory));
  if (!best || !median) return;
  console.log(
    `  ${what.padEnd(40)}best ${ms(best.total)} (init ${ms(best.init)})  median ${ms(median.total)}  peak RSS ${mb(memory)}`,
  );
}

/** ms until the first of some images is indexed. */
async function index(embed: LambdaProcess, cloud: Cloud): Promise<number> {
  const events = [];
  for (const { name, bytes } of images) events.push(await cloud.put(`${Math.random()}/${name}`, bytes));
  const started = performance.now();
  await expectSettled(embed, events[0]);
  const time = performance.now() - started;
  for (const event of events.slice(1)) await expectSettled(embed, event);
  return time;
}

async function expectSettled(embed: LambdaProcess, event: unknown) {
  const answered = JSON.stringify(await embed.invoke(event));
  if (answered !== '{"batchItemFailures":[]}') throw new Error(`${answered}\n${embed.log()}`);
}

async function response(search: LambdaProcess, by: 'text' | 'image'): Promise<number> {
  const event = by === 'text' ? urlEvent('GET', '/api/search/text/a%20cat') : await imageEvent();
  const started = performance.now();
  const answered = JSON.stringify(await search.invoke(event));
  const time = performance.now() - started;
  if (!answered.includes('"statusCode":200')) throw new Error(`${answered.slice(0, 500)}\n${search.log()}`);
  return time;
}

async function imageEvent() {
  const form = new FormData();
  form.set('image', new Blob([images[0]?.bytes ?? '']), 'blob');
  const request = new Response(form);
  const body = Buffer.from(await request.arrayBuffer()).toString('base64');
  const headers = { 'content-type': request.headers.get('content-type') ?? '' };
  return urlEvent('POST', '/api/search/image', { headers, body, base64: true });
}

function printLayers({ layers }: TreeManifest) {
  for (const [name, { bytes, compressed }] of Object.entries(layers))
    console.log(`  layer ${name.padEnd(34)}${mb(bytes)} on disk, ${mb(compressed)} compressed`);
}
