/**
 * `node bench/search-while-indexing.ts [photographs]`: text searches through HTTP, one after another, while the app has
 * nothing else to do and while it indexes photographs of 12 megapixels and reads their words, in one run. CLIP
 * ViT-B/32's shape; every text new. The ratios hold on a machine that has nothing else to do.
 */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { syntheticPhoto } from '../tests/images/synthetic-photo.ts';
import { type LocalApp, startLocalApp } from './local-app.ts';

const PHOTOGRAPHS = Number(process.argv[2] ?? 60);
const SEARCHES = 200;
/** ms between the end of a search and the next. */
const THINKING = 20;

let texts = 0;

async function search({ url }: LocalApp): Promise<number> {
  const path = `/search/text/${encodeURIComponent(`a photo of a red car, number ${texts++}`)}?count=30`;
  const started = performance.now();
  const response = await fetch(url + path);
  await response.arrayBuffer();
  if (!response.ok) throw new Error(`status ${response.status}`);
  return performance.now() - started;
}

/** ms, ascending, of searches until so many were made or the app is not busy any more. */
async function timesOf(app: LocalApp, goesOn: (made: number) => Promise<boolean>): Promise<number[]> {
  const times: number[] = [];
  while (await goesOn(times.length)) {
    times.push(await search(app));
    await pause(THINKING);
  }
  return times.sort((a, b) => a - b);
}

const quantile = (times: readonly number[], q: number): number =>
  times[Math.floor((times.length - 1) * q)] ?? Number.NaN;

const line = (what: string, times: readonly number[]): void =>
  console.log(
    `${what.padEnd(16)} p50 ${quantile(times, 0.5).toFixed(1)} ms, p95 ${quantile(times, 0.95).toFixed(1)} ms ` +
      `of ${times.length} searches (load average ${loadavg()[0]?.toFixed(1)})`,
  );

const root = await mkdtemp(join(tmpdir(), 'semblance-while-indexing-'));
try {
  const images = join(root, 'images');
  await mkdir(images);
  const photo = await syntheticPhoto(4000, 3000);
  const put = async (n: number): Promise<void> =>
    writeFile(
      join(images, `photo-${n}.jpg`),
      await photo
        .clone()
        .jpeg({ quality: 80 - (n % 20) })
        .withMetadata({ exif: { IFD0: { ImageDescription: `no. ${n}` } } })
        .toBuffer(),
    );
  for (let n = 0; n < 4; n++) await put(n);
  const app = await startLocalApp(images, join(root, 'data'));
  while (await app.isBusy()) await pause(500);
  await timesOf(app, async made => made < 20);
  const idle = await timesOf(app, async made => made < SEARCHES);
  for (let n = 4; n < 4 + PHOTOGRAPHS; n++) await put(n);
  while (!(await app.isBusy())) await pause(50);
  const busy = await timesOf(app, async () => app.isBusy());
  line('alone', idle);
  line('while indexing', busy);
  const ratio = (q: number): string => (quantile(busy, q) / quantile(idle, q)).toFixed(2);
  console.log(`while indexing ÷ alone: p50 ${ratio(0.5)}, p95 ${ratio(0.95)}`);
  await app.stop();
} finally {
  await rm(root, { recursive: true, force: true });
}
