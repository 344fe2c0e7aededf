import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, expect, test } from 'vitest';
import { openLocal } from '../../functions/local/compose.ts';
import { parseConfig } from '../../shared/config.ts';
import { startWorkers } from '../../shared/indexing/workers.ts';
import { drawImage } from '../contract-http/drawn-images.ts';

let child: ChildProcess | undefined;
let root: string;
afterEach(async () => {
  child?.kill('SIGKILL');
  await rm(root, { recursive: true, force: true });
});

async function serve(folder: string, data: string): Promise<string> {
  const script = join(import.meta.dirname, 'durability-child.ts');
  child = spawn(process.execPath, [script, folder, data], { stdio: ['ignore', 'pipe', 'inherit'] });
  if (!child.stdout) throw new Error('no output');
  const [url] = await once(createInterface(child.stdout), 'line');
  return String(url);
}

async function kill(): Promise<void> {
  const gone = child && once(child, 'exit');
  child?.kill('SIGKILL');
  await gone;
}

const silent = { debug() {}, info() {}, warn() {}, error() {} };

test('an upload that got a response survives a kill: still queued, still a duplicate, then indexed', async () => {
  root = await mkdtemp(join(tmpdir(), 'semblance-kill-'));
  const [folder, data] = [join(root, 'images'), join(root, 'data')];
  await mkdir(folder);
  const bytes = await drawImage({ emoji: 'cat-face' });
  const upload = async (url: string) => {
    const form = new FormData();
    form.append('image_file', new Blob([bytes], { type: 'image/jpeg' }), 'cat.jpg');
    const query = 'local=true&categories=saved&starred=1';
    const response = await fetch(`${url}/admin/upload?${query}`, { method: 'POST', body: form });
    return {
      status: response.status,
      json: (await response.json()) as { image_id?: string; detail?: string },
    };
  };
  const stateOf = async (url: string, id: string) =>
    ((await (await fetch(`${url}/images/id/${id}`)).json()) as { img_status: string }).img_status;

  const first = await serve(folder, data);
  const { status, json } = await upload(first);
  const id = json.image_id ?? '';
  await kill();
  expect(status).toBe(200);

  const second = await serve(folder, data);
  expect(await stateOf(second, id)).toBe('in_queue');
  const again = await upload(second);
  expect([again.status, again.json.detail]).toEqual([409, expect.stringContaining(id)]);
  await kill();

  const config = parseConfig({ SEMBLANCE_DATA: data, SEMBLANCE_MODEL: 'demo', SEMBLANCE_OCR: 'off' });
  const local = await openLocal({ config, folder, log: silent });
  const workers = startWorkers({ ...local, concurrency: 1, log: silent, pollEvery: 20 });
  await workers.idle();
  const [point] = await local.index.retrieve([id]);
  expect(point?.payload).toMatchObject({ categories: ['saved'], starred: true, local: true });
  await workers.stop();
  await local.close();
}, 60_000);
