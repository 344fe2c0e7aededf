import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import { nothing, png, prepareImport } from './import-harness.ts';

const both = prepareImport();
const { runImport } = both;

describe('images known by url alone', () => {
  const serve = async (responses: Record<string, Uint8Array | number>) => {
    const server = createServer((request, response) => {
      const body = responses[request.url ?? ''] ?? 404;
      if (typeof body === 'number') response.writeHead(body).end();
      else response.end(body);
    });
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    return { base: `http://127.0.0.1:${port}`, close: () => new Promise(resolve => server.close(resolve)) };
  };

  it('are left out and counted', async () => {
    await both.old.add(png('far'), { local: false, url: 'https://x.test/far.png' }, { file: null });
    expect(await runImport()).toEqual({ ...nothing, remote: 1 });
  });

  it('are downloaded with `fetch`, and keep their url and thumbnail', async () => {
    const web = await serve({
      '/far.png': png('far'),
      '/huge.png': png('huge'.repeat(100)),
      '/busy.png': 503,
    });
    const far = {
      local: false,
      url: `${web.base}/far.png`,
      thumbnail_url: 'https://x.test/t.webp',
      starred: true,
    };
    const id = await both.old.add(png('far'), far, { file: null });
    const huge = await both.old.add(
      png('huge'),
      { local: false, url: `${web.base}/huge.png` },
      { file: null },
    );
    const busy = await both.old.add(
      png('busy'),
      { local: false, url: `${web.base}/busy.png` },
      { file: null },
    );
    const local = await both.old.add(
      png('file'),
      { local: false, url: 'file:///etc/passwd' },
      { file: null },
    );
    const report = await runImport({ fetch: true, fetchPrivate: true, maxBytes: 100 });
    await web.close();
    expect(report.imported).toBe(1);
    expect(new Map(report.problems.map(problem => [problem.id, problem.code]))).toEqual(
      new Map([
        [huge, 'image_too_many_bytes'],
        [busy, 'picture_unreachable'],
        [local, 'picture_unreachable'],
      ]),
    );
    await both.here.drain();
    expect(await both.here.payload(id)).toMatchObject({
      key: `remote/${id}.png`,
      local: false,
      starred: true,
      url: far.url,
      thumbnail_url: far.thumbnail_url,
      has_thumbnail: false,
    });
  });
});

describe('addresses of a private network', () => {
  it('are rejected without `fetchPrivate`, and redirects are followed to their end', async () => {
    let asked = 0;
    const server = createServer((request, response) => {
      asked++;
      if (request.url === '/far.png') response.end(png('far'));
      else response.writeHead(302, { Location: request.url === '/loop' ? '/loop' : '/far.png' }).end();
    });
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
    const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const near = await both.old.add(png('far'), { local: false, url: `${base}/near.png` }, { file: null });
    const loop = await both.old.add(png('loop'), { local: false, url: `${base}/loop` }, { file: null });

    const rejected = await runImport({ fetch: true });
    expect(rejected.problems).toHaveLength(2);
    expect(rejected.problems[0]?.message).toMatch(/your own network; --fetch-private/);
    expect(asked).toBe(0);

    const followed = await runImport({ fetch: true, fetchPrivate: true });
    await new Promise(resolve => server.close(resolve));
    expect(followed.problems.map(({ id, message }) => [id, message])).toEqual([
      [loop, `${base}/loop redirects more than 5 times`],
    ]);
    await both.here.drain();
    expect(await both.here.payload(near)).toMatchObject({ local: false });
  });
});
