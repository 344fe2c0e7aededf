import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFile, chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  type FakeHub,
  neverResponses,
  responses,
  serves,
  stalls,
  startFakeHub,
} from '../../tests/models/fake-hub.ts';
import { tinyHubModel } from '../../tests/models/tiny-model.ts';
import { listModels, locateModel, modelFolder } from './model-cache.ts';
import { throughProxy } from './proxy.ts';
import { type PullEvent, type PullOptions, pullModel } from './pull.ts';
import { type ModelRow, resolveModel } from './registry.ts';

let cacheFolder: string;
let hub: FakeHub;
let row: ModelRow;
let events: PullEvent[];
beforeEach(async () => {
  const model = await tinyHubModel();
  row = model.row;
  cacheFolder = await mkdtemp(join(tmpdir(), 'semblance-pull-'));
  hub = await startFakeHub(model.files);
  events = [];
});
afterEach(async () => {
  await hub.close();
  await rm(cacheFolder, { recursive: true });
});

/** A hub that responds, however busy the machine is, is not given up; tests of a silent one say how long it is awaited. */
const options = (stallMs = 30_000): PullOptions => ({
  cacheFolder,
  baseUrl: hub.baseUrl,
  onEvent: event => events.push(event),
  timing: { stallMs, attempts: 3, backoffMs: 1 },
});
const fileIn = (path: string) => join(modelFolder(row, cacheFolder), path);
const TEXT = 'onnx/text_model_quantized.onnx';

describe('pulling a model', () => {
  it('brings every file, shows the size first, and sends no further request to the hub', async () => {
    expect(await locateModel(row, cacheFolder)).toBeUndefined();
    const model = await pullModel(row, options());
    expect(model).toMatchObject({ name: row.name, revision: row.revision, demo: false });
    expect(events[0]).toEqual({ type: 'start', model: row.name, bytes: row.bytes, from: hub.baseUrl });
    expect(events.at(-1)).toMatchObject({ type: 'done' });
    expect(await locateModel(row, cacheFolder)).toEqual(model);

    const asked = hub.requests.length;
    expect(asked).toBe(row.files.length);
    await pullModel(row, options());
    expect(hub.requests).toHaveLength(asked);
  });

  it('goes on where it was stopped', async () => {
    const stop = new AbortController();
    const first = pullModel(row, {
      ...options(),
      signal: stop.signal,
      onEvent: event => {
        if (event.type === 'progress' && event.file === TEXT && event.received > 0) stop.abort();
      },
    });
    await expect(first).rejects.toThrow();
    const asked = hub.requests.length;
    await pullModel(row, options());
    const later = hub.requests.slice(asked).map(({ path }) => path.split('/resolve/')[1]);
    expect(later.some(path => path?.includes('config.json'))).toBe(false);
  });

  it('fetches again what was damaged on the disk', async () => {
    await pullModel(row, options());
    await appendFile(fileIn(TEXT), 'x');
    expect(await locateModel(row, cacheFolder)).toBeUndefined();
    const model = await pullModel(row, options());
    expect(await locateModel(row, cacheFolder)).toEqual(model);
    expect(hub.requests).toHaveLength(row.files.length + 1);
  });

  it('takes files that were copied into the cache by hand, after checking them', async () => {
    for (const { path } of row.files) {
      await mkdir(join(fileIn(path), '..'), { recursive: true });
      const content = hub.files[`${row.repository}/resolve/${row.revision}/${path}`];
      await writeFile(fileIn(path), content ?? '');
    }
    await pullModel(row, options());
    expect(hub.requests).toEqual([]);
  });

  it('rejects a model of another type before its towers are fetched', async () => {
    const path = `${row.repository}/resolve/${row.revision}/config.json`;
    hub.files[path] = Buffer.from('{"model_type":"bert"}');
    const open = { ...row, files: row.files.map(file => ({ ...file, bytes: undefined, sha256: undefined })) };
    await expect(pullModel(open, options())).rejects.toMatchObject({ code: 'model_unsupported' });
    expect(hub.requests.map(request => request.path)).toEqual([path]);
  });

  it('never puts a wrong file in place', async () => {
    hub.meet(...row.files.map(() => serves(Buffer.from('<html>'))));
    await expect(pullModel(row, options())).rejects.toMatchObject({ code: 'model_corrupt' });
    expect(await locateModel(row, cacheFolder)).toBeUndefined();
  });

  it('says where there is no room to write', async () => {
    await chmod(cacheFolder, 0o500);
    const denied = process.getuid?.() !== 0;
    if (denied) {
      await expect(pullModel(row, options())).rejects.toMatchObject({ code: 'data_read_only' });
    }
    await chmod(cacheFolder, 0o700);
    const huge = { ...row, bytes: Number.MAX_SAFE_INTEGER };
    await expect(pullModel(huge, options())).rejects.toMatchObject({ code: 'disk_full' });
  });
});

describe('a model without known hashes', () => {
  const unpinned = () => {
    const files = row.files.map(({ path }) => ({ path, bytes: undefined, sha256: undefined }));
    return { ...row, name: 'org/tiny@main', revision: 'main', files, bytes: null };
  };
  beforeEach(() => {
    for (const [path, content] of Object.entries(hub.files)) {
      hub.files[path.replace(row.revision, 'main')] = content;
    }
  });

  it('is locked on first use: another file later is rejected', async () => {
    const model = await pullModel(unpinned(), options());
    expect(model.revision).toMatch(/^sha256-[0-9a-f]{12}$/);
    const path = `${row.repository}/resolve/main/${TEXT}`;
    hub.files[path] = Buffer.from(hub.files[path] ?? '').reverse();
    await rm(join(model.folder, TEXT));
    await expect(pullModel(unpinned(), options())).rejects.toMatchObject({ code: 'model_corrupt' });
  });

  it('is listed once it is there', async () => {
    await pullModel(unpinned(), options());
    const listed = await listModels(cacheFolder);
    expect(listed.find(({ row: { name } }) => name === 'org/tiny@main')).toMatchObject({ present: true });
    expect(listed.find(({ row: { name } }) => name === 'demo')).toMatchObject({ present: true });
    expect(listed.filter(({ present }) => present)).toHaveLength(2);
  });

  it('has another fingerprint when its files differ', async () => {
    const one = await pullModel(unpinned(), options());
    await rm(one.folder, { recursive: true });
    const path = `${row.repository}/resolve/main/${TEXT}`;
    hub.files[path] = Buffer.from(hub.files[path] ?? '').reverse();
    expect((await pullModel(unpinned(), options())).revision).not.toBe(one.revision);
  });
});

describe('two pulls of one model at once', () => {
  it('fetch each file once: the second waits for the first', async () => {
    const both = await Promise.all([pullModel(row, options()), pullModel(row, options())]);
    expect(both[0]).toEqual(both[1]);
    expect(hub.requests).toHaveLength(row.files.length);
    expect(events.filter(({ type }) => type === 'waiting')).toHaveLength(1);
  });

  it('hold across processes, and a killed one leaves neither lock nor damage behind', async () => {
    const script = join(cacheFolder, 'pull.mjs');
    const module = JSON.stringify(join(import.meta.dirname, 'pull.ts'));
    const given = JSON.stringify({ cacheFolder, baseUrl: hub.baseUrl });
    await writeFile(
      script,
      `import { pullModel } from ${module};
       await pullModel(${JSON.stringify(row)}, { ...${given}, onEvent: e => console.log(e.file) });`,
    );
    hub.meet(...row.files.slice(0, 4).map(() => undefined), stalls(20_000));
    const child = spawn(process.execPath, [script], { stdio: ['ignore', 'pipe', 'inherit'] });
    await new Promise<void>(resolve => {
      child.stdout.on('data', said => String(said).includes(TEXT) && resolve());
    });
    const waiting = Promise.withResolvers<void>();
    const onEvent = ({ type }: PullEvent) => type === 'waiting' && waiting.resolve();
    const here = pullModel(row, { ...options(), onEvent });
    await waiting.promise;
    child.kill('SIGKILL');
    await once(child, 'exit');
    const model = await here;
    expect(await locateModel(row, cacheFolder)).toEqual(model);
    expect(hub.requests).toHaveLength(row.files.length + 1);
    expect(hub.requests[5]?.range).toBe('bytes=20000-');
  });
});

describe('the network', () => {
  it('is given up with a reason when the hub is not there', async () => {
    const gone = await startFakeHub({});
    await gone.close();
    const pull = pullModel(row, { ...options(), baseUrl: gone.baseUrl });
    await expect(pull).rejects.toMatchObject({ code: 'model_unreachable', message: /ECONNREFUSED/ });
    expect(events.filter(({ type }) => type === 'retry')).toHaveLength(2);
  });

  it('is given up when the hub never responds', async () => {
    hub.meet(neverResponses, neverResponses, responses(502));
    await expect(pullModel(row, options(200))).rejects.toMatchObject({ code: 'model_unreachable' });
  });

  it('is reached through the proxy that the environment names', async () => {
    const tunnels: string[] = [];
    const proxy = createServer().on('connect', (request, socket) => {
      tunnels.push(request.url ?? '');
      socket.end('HTTP/1.1 403 Forbidden\r\n\r\n');
    });
    await new Promise<void>(resolve => proxy.listen(0, '127.0.0.1', resolve));
    const address = proxy.address();
    const port = typeof address === 'object' ? address?.port : 0;
    const environment = { HTTPS_PROXY: `http://127.0.0.1:${port}`, NO_PROXY: '127.0.0.1' };
    await expect(throughProxy(() => fetch('https://hub.invalid/x'), environment)).rejects.toThrow();
    expect(tunnels).toEqual(['hub.invalid:443']);
    await expect(throughProxy(() => fetch(`${hub.baseUrl}/x`), environment)).resolves.toMatchObject({
      status: 404,
    });
    expect(tunnels).toHaveLength(1);
    proxy.close();
  });

  it('is not tried with a proxy that is no URL', async () => {
    const broken = throughProxy(async () => {}, { HTTPS_PROXY: 'not a url' });
    await expect(broken).rejects.toMatchObject({ code: 'bad_configuration' });
  });
});

it('the demo model needs no pull', async () => {
  const model = await pullModel(resolveModel('demo'), options());
  expect(hub.requests).toEqual([]);
  expect(await readFile(join(model.folder, 'README.md'), 'utf8')).toContain('model card');
});
