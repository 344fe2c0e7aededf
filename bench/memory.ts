/**
 * `node bench/memory.ts`: resident memory of the app, its reading processes included, while it indexes a folder of
 * photographs, scans and images of 100 megapixels with two readers, and a minute after the work. CLIP ViT-B/32's
 * shape, OCR on. Linux only: what is shared between processes is counted once (proportional set size).
 */
import { spawn } from 'node:child_process';
import { copyFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import sharp from 'sharp';
import { syntheticPhoto } from '../tests/images/synthetic-photo.ts';
import { startLocalApp } from './local-app.ts';
import { proportionalOf, treeOf } from './processes.ts';

const ROOT = join(import.meta.dirname, '..');
const MB = 1e6;
/** s after the work until memory is looked at: readers leave after a minute without. */
const AFTERWARDS = 70;
/** Looks, a tenth of a second apart, at which nothing was in work or waited; then the work is over. */
const QUIET = 30;

async function measure(): Promise<void> {
  const root = await mkdtemp(join(tmpdir(), 'semblance-memory-'));
  const [folder, data] = [join(root, 'images'), join(root, 'data')];
  try {
    // They are made in a process of its own, whose memory is gone when it ends.
    await ended(spawn(process.execPath, [import.meta.filename, 'make', folder], { stdio: 'inherit' }));
    const app = await startLocalApp(folder, data);
    const began = performance.now();
    let peak: readonly number[] = [];
    for (let quiet = 0; quiet < QUIET; ) {
      const now = await memoryOf(app.pid);
      if (sumOf(now) > sumOf(peak)) peak = now;
      await pause(100);
      quiet = (await app.isBusy()) ? 0 : quiet + 1;
    }
    const seconds = (performance.now() - began) / 1000;
    console.log(
      `at the most ${told(peak)}, in ${seconds.toFixed(0)} s, load average ${loadavg()[0]?.toFixed(1)}`,
    );
    await pause(AFTERWARDS * 1000);
    console.log(`${AFTERWARDS} s after the work ${told(await memoryOf(app.pid))}`);
    await app.stop();
  } finally {
    await rm(root, { recursive: true, force: true });
  }
}

/** Bytes of each process of a tree, the app's first. */
const memoryOf = async (pid: number): Promise<number[]> =>
  Promise.all((await treeOf(pid)).map(each => proportionalOf([each])));

const sumOf = (bytes: readonly number[]): number => bytes.reduce((sum, each) => sum + each, 0);

const told = (bytes: readonly number[]): string =>
  `${(sumOf(bytes) / MB).toFixed(0)} MB (${bytes.map(each => (each / MB).toFixed(0)).join(' + ')})`;

/** Photographs of 12 and 100 megapixels in each format that may have them, and scans of a page at 600 dpi. */
async function makeImages(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  const save = (name: string, bytes: Uint8Array) => writeFile(join(folder, name), bytes);
  const small = await syntheticPhoto(4000, 3000);
  for (let i = 0; i < 12; i++) {
    const quality = 70 + i;
    await save(`photo-${i}.jpg`, await small.clone().jpeg({ quality }).toBuffer());
  }
  await save('photo.png', await small.clone().png({ compressionLevel: 1 }).toBuffer());
  await save('photo.tif', await small.clone().tiff({ compression: 'lzw' }).toBuffer());
  const page = (await sharp(join(ROOT, 'tests/golden/preprocess/photo.jpg')).toBuffer()).length;
  for (let i = 0; i < 4; i++) {
    const text = Array.from(
      { length: 60 },
      (_, line) =>
        `<text x="300" y="${400 + line * 105}" font-size="80" font-family="sans-serif">Page ${i} of the scan, line ${line}, ${page} bytes</text>`,
    );
    const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="4960" height="7016"><rect width="100%" height="100%" fill="#fdfcf8"/>${text.join('')}</svg>`;
    const scan = sharp(Buffer.from(svg)).flatten();
    await save(`scan-${i}.tif`, await scan.clone().tiff({ compression: 'deflate' }).toBuffer());
    await save(
      `scan-${i}.png`,
      await scan
        .clone()
        .png({ progressive: i % 2 === 1, compressionLevel: 2 })
        .toBuffer(),
    );
  }
  const large = await syntheticPhoto(10_000, 10_000);
  await save('large.jpg', await large.clone().jpeg({ quality: 70 }).toBuffer());
  await save(
    'large-progressive.jpg',
    await large.clone().jpeg({ quality: 70, progressive: true }).toBuffer(),
  );
  const flat = sharp({ create: { width: 10_000, height: 10_000, channels: 3, background: '#4060a0' } });
  await save('large.png', await flat.clone().png({ compressionLevel: 1 }).toBuffer());
  await save(
    'large-interlaced.png',
    await flat.clone().png({ progressive: true, compressionLevel: 1 }).toBuffer(),
  );
  await save('large.webp', await flat.clone().webp({ effort: 0 }).toBuffer());
  await save('large.tif', await flat.clone().tiff({ compression: 'deflate' }).toBuffer());
  await save('large.gif', await flat.clone().gif({ effort: 1 }).toBuffer());
  for (let i = 0; i < 2; i++) {
    const heic = join(ROOT, 'tests/fixtures/images/heic-64-megapixels-in-15-KB.heic');
    await copyFile(heic, join(folder, `large-${i}.heic`));
    await writeFile(join(folder, `large-${i}.heic`), Buffer.from([0, 0, 0, 9, 0x66, 0x72, 0x65, 0x65, i]), {
      flag: 'a',
    });
  }
}

const ended = (child: ReturnType<typeof spawn>) => new Promise(resolve => child.once('exit', resolve));

if (process.argv[2] === 'make') await makeImages(process.argv[3] ?? '');
else await measure();
