import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { z } from 'zod';
import { startApp } from '../../functions/local/start-app.ts';
import { parseConfig } from '../../shared/config.ts';
import { galleryImage } from '../local/images.ts';

const MAIN = join(import.meta.dirname, '../../functions/cli/main.ts');
// Each command is a process that loads the index and the model's small files.
const quiet = () => {};
let root: string;
let environment: Record<string, string>;
let id: string;

const semblance = async (...args: string[]): Promise<string> => {
  const { stdout } = await promisify(execFile)(process.execPath, [MAIN, 'trash', ...args], {
    env: { ...process.env, ...environment },
  });
  return stdout;
};

/** An upload that was starred, and deleted through the API. */
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'semblance-trash-'));
  await mkdir(join(root, 'images'));
  environment = {
    SEMBLANCE_DATA: join(root, 'data'),
    SEMBLANCE_MODEL: 'demo',
    SEMBLANCE_OCR: 'off',
    PORT: '0',
  };
  const app = await startApp({
    config: parseConfig(environment),
    folder: join(root, 'images'),
    log: { debug: quiet, info: quiet, warn: quiet, error: quiet },
    page: null,
    line: { update: quiet, print: quiet, end: quiet },
    signal: new AbortController().signal,
  });
  const form = new FormData();
  form.append('image_file', new Blob([await readFile(await galleryImage('panda'))]), 'My panda.webp');
  const url = `${app.url}/admin/upload?local=true&starred=true&categories=bears`;
  const response = await fetch(url, { method: 'POST', body: form });
  id = z.looseObject({ image_id: z.uuid() }).parse(await response.json()).image_id;
  expect((await fetch(`${app.url}/admin/delete/${id}`, { method: 'DELETE' })).status).toBe(200);
  await app.stop();
});
afterAll(() => rm(root, { recursive: true, force: true }));

it('what was deleted is listed, restored with its annotations, and deleted for good', async () => {
  expect(await semblance('list')).toMatch(new RegExp(`^${id}  20.*  My panda.webp  until 20`));
  expect(JSON.parse(await semblance('list', '--json'))).toMatchObject([{ id, name: 'My panda.webp' }]);

  expect(await semblance('restore', id.toUpperCase())).toBe('1 restored.\n');
  expect(await semblance('list')).toBe('The trash is empty.\n');
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [MAIN, 'search', 'panda', '--starred', '--categories', 'bears', '--json'],
    { env: { ...process.env, ...environment } },
  );
  expect(JSON.parse(stdout)).toMatchObject([{ id }]);

  await expect(semblance('restore', id)).rejects.toMatchObject({
    code: 1,
    stdout: expect.stringContaining('is not in the trash'),
  });
  expect(await semblance('empty')).toBe('0 deleted for good.\n');
});
