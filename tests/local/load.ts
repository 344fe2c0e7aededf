import { type ChildProcess, spawn } from 'node:child_process';
import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { expect } from 'vitest';
import { GALLERY } from '../../functions/local/compose.ts';
import { type RunningApp, startApp } from '../../functions/local/start-app.ts';
import { payloadSchema } from '../../shared/catalog/payload.ts';
import { parseConfig } from '../../shared/config.ts';

const quiet = () => {};
const FIXTURES = join(import.meta.dirname, '../fixtures/images');

/**
 * Indexes a folder of gallery images and HEICs, words and all, while other programs keep every core busy, and expects
 * every image and every word in the end, no failure, and a server that responds meanwhile.
 * @param images of the gallery, those with words first
 */
export async function indexUnderLoad({ images, heics }: { images: number; heics: number }): Promise<void> {
  const root = await mkdtemp(join(tmpdir(), 'semblance-load-'));
  const others = busyPrograms(availableParallelism());
  let app: RunningApp | undefined;
  try {
    const folder = join(root, 'images');
    const withWords = await fill(folder, images, heics);
    app = await startApp({
      config: parseConfig({ PORT: '0', SEMBLANCE_DATA: join(root, 'data'), SEMBLANCE_MODEL: 'demo' }),
      folder,
      log: { debug: quiet, info: quiet, warn: quiet, error: quiet },
      page: null,
      line: { update: quiet, print: quiet, end: quiet },
      signal: new AbortController().signal,
    });
    await app.indexed;
    const { library, index } = app.local;
    expect((await library.failures()).failures).toEqual([]);
    const { points } = await index.scroll({ limit: 10_000 });
    const payloads = points.map(({ payload }) => payloadSchema.parse(payload));
    expect(payloads).toHaveLength(images + heics);
    for (const { key, ocr_text: text, ocr_error: error } of payloads) {
      expect({ key, error, read: text !== null }).toEqual({ key, error: null, read: true });
      if (withWords.has(basename(key))) expect({ key, text }).not.toEqual({ key, text: '' });
    }
  } finally {
    for (const program of others) program.kill('SIGKILL');
    await app?.stop();
    await rm(root, { recursive: true, force: true });
  }
}

/** Programs that use a core each for nothing, until they are killed. */
const busyPrograms = (count: number): ChildProcess[] =>
  Array.from({ length: count }, () =>
    spawn(process.execPath, ['-e', 'for (;;);'], { stdio: 'ignore', timeout: 3_600_000 }),
  );

/** Names of the images that have words. */
async function fill(folder: string, images: number, heics: number): Promise<Set<string>> {
  await mkdir(folder, { recursive: true });
  const found = await readdir(GALLERY, { recursive: true, withFileTypes: true });
  const files = found.filter(entry => entry.isFile()).map(entry => join(entry.parentPath, entry.name));
  const hasWords = (file: string) => file.startsWith(join(GALLERY, 'words'));
  const chosen = files.toSorted((a, b) => Number(hasWords(b)) - Number(hasWords(a)) || (a < b ? -1 : 1));
  for (const file of chosen.slice(0, images)) await cp(file, join(folder, basename(file)));
  // No HEVC encoder is to be had from npm: these are 64 megapixels that compress well, made distinct by a box behind them.
  const heic = await readFile(join(FIXTURES, 'heic-64-megapixels-in-15-KB.heic'));
  for (let i = 0; i < heics; i++)
    await writeFile(join(folder, `photo-${i}.heic`), Buffer.concat([heic, freeBox(`${i}`)]));
  return new Set(
    chosen
      .slice(0, images)
      .filter(hasWords)
      .map(file => basename(file)),
  );
}

/** A box that readers skip (ISO/IEC 14496-12 §8.1.2). */
function freeBox(text: string): Buffer {
  const head = Buffer.alloc(8);
  head.writeUInt32BE(8 + text.length);
  head.write('free', 4);
  return Buffer.concat([head, Buffer.from(text)]);
}
