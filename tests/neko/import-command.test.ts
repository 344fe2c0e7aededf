import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { openImageReader } from '../../shared/images/reader.ts';
import { openModel } from '../../shared/models/onnx-encoder.ts';
import { demoModel } from '../../shared/models/registry.ts';
import { galleryImage } from '../local/images.ts';
import { type OldServer, startOldServer } from './old-server.ts';

const MAIN = join(import.meta.dirname, '../../functions/cli/main.ts');
const RANDOM_ID = 'a3bb189e-8bf9-4888-9912-ace4e6543002';

let root: string;
let old: OldServer;
let panda: string;
let lost: string;

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'semblance-import-'));
  await mkdir(join(root, 'images'));
  const model = await openModel(demoModel());
  old = await startOldServer(join(root, 'static'), model.info.dimension);
  const imageEncoder = await model.openImage();
  const reader = openImageReader({ imageEncoder, maxPixels: 1_000_000 });
  const add = async (part: string, payload: object, options: object = {}) => {
    const bytes = await readFile(await galleryImage(part));
    const vector = await reader.embed(Uint8Array.from(bytes));
    return old.add(bytes, { format: 'webp', ...payload }, { vector, ...options });
  };
  panda = await add('panda.webp', { starred: true, categories: ['动物'] });
  await add('rocket.webp', {}, { id: RANDOM_ID });
  lost = await add('rainbow.webp', {}, { file: null });
  await imageEncoder.close();
});
afterAll(async () => {
  await old.close();
  await rm(root, { recursive: true, force: true });
});

type Ran = { code: number | null; stdout: string; stderr: string };

/** Runs the command line as a process of its own. */
function semblance(
  args: readonly string[],
  environment: Record<string, string | undefined> = {},
  onStart: (child: ChildProcess) => void = () => {},
): Promise<Ran> {
  const settings = { SEMBLANCE_DATA: join(root, 'data'), SEMBLANCE_MODEL: 'demo', SEMBLANCE_OCR: 'off' };
  const child = spawn(process.execPath, [MAIN, ...args], {
    env: { ...process.env, ...settings, ...environment },
  });
  onStart(child);
  const read = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const)
    child[name].on('data', chunk => {
      read[name] += chunk;
    });
  return new Promise(resolve => child.once('close', code => resolve({ code, ...read })));
}

const importing = (...more: string[]) => [
  'import',
  ...['--folder', join(root, 'images'), '--qdrant', old.url, '--storage', old.folder],
  ...more,
];

it('a dry run prints what would be imported', async () => {
  const { code, stdout } = await semblance(importing('--dry-run'));
  expect(stdout).toMatch(/^2 images would be imported, 0 were here already\.\n1 could not be imported:\n/);
  expect(code).toBe(1);
});

it('images come with their vectors and are found, and a second import brings what was missing', async () => {
  const first = await semblance(importing('--keep-vectors', '--json'));
  expect(JSON.parse(first.stdout)).toMatchObject({ imported: 2, failed: 0, problems: [{ id: lost }] });
  expect(first.code).toBe(1);
  const hits = z.array(z.object({ id: z.uuid() }));
  const starred = await semblance(['search', 'panda', '--starred', '--categories', '动物', '--json']);
  expect(hits.parse(JSON.parse(starred.stdout)).map(({ id }) => id)).toEqual([panda]);
  const rockets = await semblance(['search', 'rocket', '--count', '1', '--json']);
  expect(hits.parse(JSON.parse(rockets.stdout)).map(({ id }) => id)).toEqual([RANDOM_ID]);

  await old.add(await readFile(await galleryImage('rainbow.webp')), { format: 'webp' });
  const second = await semblance(importing());
  expect(second).toMatchObject({ code: 0, stdout: '1 image imported, 2 were here already.\n' });
});

it('Ctrl-C ends it at once, also in the middle of a download', async () => {
  let interrupt = () => {};
  const web = createServer(() => interrupt()).listen(0, '127.0.0.1');
  await once(web, 'listening');
  const { port } = z.object({ port: z.number() }).parse(web.address());
  await old.add(new Uint8Array(), { local: false, url: `http://127.0.0.1:${port}/far.png` }, { file: null });
  const { code, stdout, stderr } = await semblance(importing('--fetch-private'), {}, child => {
    interrupt = () => child.kill('SIGINT');
  });
  web.closeAllConnections();
  web.close();
  expect({ code, stdout }).toEqual({ code: 130, stdout: '' });
  expect(stderr).toMatch(/Interrupted; the same command goes on from here/);
});

describe('wrong words', () => {
  it.each([
    [() => ['import', '--storage', old.folder], /required option '--qdrant/],
    [() => importing('--qdrant', 'localhost'), /--qdrant localhost is not an http/],
    [() => importing('--storage', '/nowhere'), /\/nowhere is not there/],
    [() => importing('--collection', 'Other'), /has no collection Other/],
    [() => importing('--api-key-env', 'NO_SUCH_NAME'), /NO_SUCH_NAME is not set/],
  ])('%#: one line that helps, exit code 2', async (args, message) => {
    const { code, stdout, stderr } = await semblance(args());
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(message);
    expect(stderr.trimEnd().split('\n')).toHaveLength(1);
  });

  it('the demo gallery takes no photographs', async () => {
    const environment = { SEMBLANCE_DATA: join(root, 'other'), SEMBLANCE_MODEL: undefined };
    const { code, stderr } = await semblance(
      ['import', '--qdrant', old.url, '--storage', old.folder],
      environment,
    );
    expect({ code, stderr }).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('name a folder by --folder'),
    });
  });
});

it('help has examples', async () => {
  const { code, stdout } = await semblance(['import', '--help']);
  expect(code).toBe(0);
  expect(stdout).toContain('Examples:');
});
