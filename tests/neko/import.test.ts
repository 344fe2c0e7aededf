import { existsSync, mkdirSync, readdirSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { VISION } from '../../shared/catalog/collection.ts';
import { sha1Hex, uploadId } from '../../shared/catalog/ids.ts';
import type { ImageReader } from '../../shared/catalog/image-description.ts';
import { createReconcile } from '../../shared/indexing/reconcile.ts';
import { type ImportDeps, type ImportOptions, importImages } from '../../shared/neko/import-images.ts';
import { assertSameModel, keepVectors } from '../../shared/neko/kept-vectors.ts';
import { openOldGallery } from '../../shared/neko/old-gallery.ts';
import { openFolderStore } from '../../shared/objects/folder-store.ts';
import { unit } from '../../shared/vectors/unit.ts';
import { readRecord } from '../indexing/derived.ts';
import { unitVector } from '../indexing/domain.ts';
import { codeOf, type Harness, newFolders, openHarness } from '../indexing/harness.ts';
import { type OldServer, startOldServer } from './old-server.ts';

const DIMENSION = 8;
const RANDOM_ID = 'a3bb189e-8bf9-4888-9912-ace4e6543002';

/** Bytes that are recognised as a PNG, all that the fake reader needs. */
const png = (text: string): Uint8Array => new Uint8Array(Buffer.from(`\x89PNG\r\n\x1a\n${text}`, 'latin1'));

let old: OldServer;
let here: Harness;
beforeEach(async () => {
  const folders = newFolders();
  here = await openHarness(folders);
  old = await startOldServer(
    join(folders.data, '..', 'old', folders.data.split('/').at(-1) ?? ''),
    DIMENSION,
  );
  mkdirSync(join(here.data, 'receiving'), { recursive: true });
});
afterEach(async () => {
  await old.close();
  await here.close();
});

const importDeps = (): ImportDeps => ({ ...here, temporaryFolder: join(here.data, 'receiving') });

const bringOver = async (options: Partial<ImportOptions> = {}) =>
  importImages(importDeps(), { ...(await old.source()), ...options });

const nothing = { imported: 0, present: 0, deleted: 0, remote: 0, problems: [], changed: [] };
const ownFiles = () => readdirSync(join(here.data, 'originals', 'uploads')).sort();

describe('what is kept', () => {
  it('ids, stars, categories, comments and bytes', async () => {
    const plain = await old.add(png('plain'));
    const said = { starred: true, categories: ['猫', 'a b'], comments: 'from 2019' };
    const spoken = await old.add(png('spoken'), { ...said, local_thumbnail: true });
    expect(await bringOver()).toEqual({ ...nothing, imported: 2 });
    await here.drain();

    expect(await here.payload(plain)).toMatchObject({
      starred: false,
      categories: null,
      comments: null,
      local: true,
    });
    expect(await here.payload(plain)).toMatchObject({ has_thumbnail: false, sha1: sha1Hex(png('plain')) });
    expect(await here.payload(spoken)).toMatchObject({ ...said, has_thumbnail: true, url: null });
    expect((await readRecord(here, spoken))?.value).toMatchObject({ ...said, key: `uploads/${spoken}.png` });
    const original = await here.originals.get(`uploads/${spoken}.png`, 1000);
    expect(Buffer.from(original?.bytes ?? [])).toEqual(Buffer.from(png('spoken')));
  });

  it('ids that the oldest servers made up, with fields that they did not have yet', async () => {
    writeFileSync(join(old.folder, `${RANDOM_ID}.jfif`), png('ancient'));
    await old.addPoint(RANDOM_ID, { url: `/static/${RANDOM_ID}.jfif`, index_date: '2023-01-01T00:00:00' });
    expect(await bringOver()).toEqual({ ...nothing, imported: 1 });
    await here.drain();
    expect(await here.payload(RANDOM_ID)).toMatchObject({ key: `uploads/${RANDOM_ID}.png`, starred: false });
    // the same bytes are still known: a second upload of them is rejected
    expect(await here.library.findBySha1([sha1Hex(png('ancient'))])).toEqual([RANDOM_ID]);
  });

  it('the time of a file, which stands in where an image has none of its own', async () => {
    const id = await old.add(png('old photo'));
    utimesSync(join(old.folder, `${id}.png`), 1_500_000_000, 1_500_000_000);
    const copied = await old.add(png('copied later'), { index_date: '2022-02-02T00:00:00.5' });
    await bringOver();
    await here.drain();
    expect((await here.payload(id))?.taken_at).toBe(new Date(1_500_000_000_000).toISOString());
    expect((await here.payload(copied))?.taken_at).toBe(new Date('2022-02-02T00:00:00.5').toISOString());
  });

  it('a file that was changed after it was indexed comes as it is now, and is named', async () => {
    const id = await old.add(png('as it is now'), {}, { id: uploadId(sha1Hex(png('as it was'))) });
    expect(await bringOver()).toEqual({ ...nothing, imported: 1, changed: [id] });
    await here.drain();
    expect((await here.payload(id))?.sha1).toBe(sha1Hex(png('as it is now')));
  });
});

describe('again and again', () => {
  it('a second import changes nothing, and annotations made here since stay', async () => {
    const id = await old.add(png('one'), { starred: true });
    await bringOver();
    await here.drain();
    await here.library.update(id, { starred: false, comments: 'said here' });
    const files = ownFiles();
    expect(await bringOver()).toEqual({ ...nothing, present: 1 });
    expect(await here.drain()).toBe(0);
    expect(await here.payload(id)).toMatchObject({ starred: false, comments: 'said here' });
    expect(ownFiles()).toEqual(files);
  });

  it('an image that was deleted here stays deleted', async () => {
    const id = await old.add(png('unloved'));
    await bringOver();
    await here.drain();
    await here.library.remove(id);
    expect(await bringOver()).toEqual({ ...nothing, deleted: 1 });
    expect(await here.library.state(id)).toBe('unknown');
  });

  it('stopped after any write it goes on and ends the same', async () => {
    const ids = [await old.add(png('a')), await old.add(png('b')), await old.add(png('c'))];
    // after a's record, its file, its key; then after the files of b and c
    for (const writes of [1, 2, 1, 3, 4]) {
      const deps = dyingAfter(writes);
      await expect(importImages(deps, await old.source())).rejects.toThrow('killed');
    }
    const { imported, present } = await bringOver();
    expect(imported + present).toBe(3);
    await here.drain();
    for (const id of ids) expect(await here.library.state(id)).toBe('indexed');
    expect(readdirSync(join(here.data, 'receiving'))).toEqual([]);
  });

  it('interrupted between images it stops at once', async () => {
    await old.add(png('a'));
    await old.add(png('b'));
    const controller = new AbortController();
    const stopped = bringOver({
      signal: controller.signal,
      onProgress: () => controller.abort(new Error('SIGINT')),
    });
    await expect(stopped).rejects.toThrow('SIGINT');
    expect(ownFiles()).toHaveLength(1);
    expect(await bringOver()).toEqual({ ...nothing, imported: 1, present: 1 });
  });

  it('more images than one page holds come over', async () => {
    await Promise.all(
      Array.from({ length: 103 }, (_, i) =>
        old.addPoint(uploadId(sha1Hex(png(`${i}`))), { url: '/static/x.png' }),
      ),
    );
    const { problems } = await bringOver();
    expect(new Set(problems.map(({ id }) => id)).size).toBe(103);
  });
});

describe('what does not come', () => {
  it('is named, each with its reason, and the rest comes', async () => {
    const missing = await old.add(png('lost'), {}, { file: null });
    const letter = await old.add(new TextEncoder().encode('Dear Sir or Madam'));
    const large = await old.add(png('large'.repeat(100)));
    const strange = await old.addPoint(RANDOM_ID, { starred: 'very' });
    const good = await old.add(png('good'));
    const report = await bringOver({ maxBytes: 300 });
    expect(report.imported).toBe(1);
    expect(new Map(report.problems.map(({ id, code }) => [id, code]))).toEqual(
      new Map([
        [missing, 'picture_missing'],
        [letter, 'not_an_image'],
        [large, 'image_too_many_bytes'],
        [strange, 'invalid_request'],
      ]),
    );
    expect(await here.library.state(good)).toBe('queued');
    // the file turns up: the next import brings it
    writeFileSync(join(old.folder, `${missing}.png`), png('lost'));
    expect(await bringOver({ maxBytes: 300 })).toMatchObject({ imported: 1, present: 1 });
  });

  it('a path out of the storage is no path', async () => {
    writeFileSync(join(old.folder, '..', 'secret.png'), png('secret'));
    await old.add(png('x'), { format: '../secret.png', url: '/static/../secret.png' }, { file: null });
    expect((await bringOver()).problems).toMatchObject([{ code: 'picture_missing' }]);
  });

  it('a storage that goes away ends the import, and nothing counts as missing', async () => {
    await old.add(png('x'), {}, { file: null });
    const { storage } = await old.source();
    const gone = {
      ...storage,
      get: async () => (await openFolderStore('/nowhere', { readOnly: true })).get('x.png', 1),
    };
    expect(await codeOf(bringOver({ storage: gone }))).toBe('folder_missing');
  });

  it('a dry run tells the same and writes nothing', async () => {
    await old.add(png('a'));
    await old.add(png('b'), {}, { file: null });
    await old.add(png('c'), { local: false, url: 'https://x.test/c.png' });
    const report = await bringOver({ dryRun: true, fetch: true });
    expect(report).toMatchObject({ imported: 1, remote: 1, problems: [{ code: 'picture_missing' }] });
    expect(existsSync(join(here.data, 'originals', 'uploads'))).toBe(false);
    expect(await here.derivedKeys()).toEqual([]);
    expect((await here.queue.counts()).waiting).toBe(0);
  });

  it('nothing of the old server is written to', async () => {
    const id = await old.add(png('a'), { starred: true });
    const asked = old.requests();
    const before = statSync(join(old.folder, `${id}.png`));
    await bringOver();
    await here.drain();
    const paths = old.requestsAfter(asked).map(({ method, path }) => `${method} ${path}`);
    expect(new Set(paths)).toEqual(new Set(['POST /collections/NekoImg/points/scroll']));
    expect(statSync(join(old.folder, `${id}.png`))).toMatchObject({
      ino: before.ino,
      mtimeMs: before.mtimeMs,
    });
    expect(readdirSync(old.folder).sort()).toEqual([`${id}.png`, 'thumbnails'].sort());
  });
});

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
    await old.add(png('far'), { local: false, url: 'https://x.test/far.png' }, { file: null });
    expect(await bringOver()).toEqual({ ...nothing, remote: 1 });
  });

  it('are downloaded when asked for, and keep their url and thumbnail', async () => {
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
    const id = await old.add(png('far'), far, { file: null });
    const huge = await old.add(png('huge'), { local: false, url: `${web.base}/huge.png` }, { file: null });
    const busy = await old.add(png('busy'), { local: false, url: `${web.base}/busy.png` }, { file: null });
    const local = await old.add(png('file'), { local: false, url: 'file:///etc/passwd' }, { file: null });
    const report = await bringOver({ fetch: true, fetchPrivate: true, maxBytes: 100 });
    await web.close();
    expect(report.imported).toBe(1);
    expect(new Map(report.problems.map(problem => [problem.id, problem.code]))).toEqual(
      new Map([
        [huge, 'image_too_many_bytes'],
        [busy, 'picture_unreachable'],
        [local, 'picture_unreachable'],
      ]),
    );
    await here.drain();
    expect(await here.payload(id)).toMatchObject({
      key: `remote/${id}.png`,
      local: false,
      starred: true,
      url: far.url,
      thumbnail_url: far.thumbnail_url,
      has_thumbnail: false,
    });
  });
});

describe('addresses of the own network', () => {
  it('are rejected unless asked for, and redirects are followed to their end', async () => {
    let asked = 0;
    const server = createServer((request, response) => {
      asked++;
      if (request.url === '/far.png') response.end(png('far'));
      else response.writeHead(302, { Location: request.url === '/loop' ? '/loop' : '/far.png' }).end();
    });
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
    const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const near = await old.add(png('far'), { local: false, url: `${base}/near.png` }, { file: null });
    const loop = await old.add(png('loop'), { local: false, url: `${base}/loop` }, { file: null });

    const rejected = await bringOver({ fetch: true });
    expect(rejected.problems).toHaveLength(2);
    expect(rejected.problems[0]?.message).toMatch(/your own network; --fetch-private/);
    expect(asked).toBe(0);

    const followed = await bringOver({ fetch: true, fetchPrivate: true });
    await new Promise(resolve => server.close(resolve));
    expect(followed.problems.map(({ id, message }) => [id, message])).toEqual([
      [loop, `${base}/loop redirects more than 5 times`],
    ]);
    await here.drain();
    expect(await here.payload(near)).toMatchObject({ local: false });
  });
});

describe('the old vectors', () => {
  const model = { name: 'fake', dimension: DIMENSION };
  const sameVector = (text: string) => unitVector(sha1Hex(png(text)));

  it('are kept where a sample of them is what the model here makes', async () => {
    // the second is a little off, as fp32 from q8, so that it is seen which vector was taken
    const off = sameVector('b').map((component, i) => component + (i === 0 ? 0.05 : 0));
    await old.add(png('a'), {}, { vector: sameVector('a') });
    const b = await old.add(png('b'), {}, { vector: off });
    const source = await old.source();
    await assertSameModel(source, here.reader, model);
    const kept = keepVectors(takingVectors(here.reader), source.gallery);
    await bringOver({ onStored: kept.remember });
    await createReconcile({ ...here, reader: kept.reader })(`uploads/${b}.png`);
    const [point] = await here.index.retrieve([b], { vectors: [VISION] });
    const taken = point?.vectors[VISION] ?? new Float32Array();
    expect(Math.max(...unit(off).map((component, i) => Math.abs(component - (taken[i] ?? 0))))).toBeLessThan(
      1e-6,
    );
  });

  it('are kept after an interruption too, and other images are embedded here', async () => {
    const a = await old.add(png('a'), {}, { vector: sameVector('b') });
    await bringOver();
    const { gallery } = await old.source();
    const kept = keepVectors(takingVectors(here.reader), gallery);
    await bringOver({ onStored: kept.remember });
    const options = { ocr: false };
    expect((await kept.reader.describe(png('a'), options)).embedding).toEqual(await gallery.vectorOf(a));
    expect((await kept.reader.describe(png('mine'), options)).embedding).toEqual(sameVector('mine'));
  });

  it('of another model are rejected, whatever their length', async () => {
    await old.add(png('a'), {}, { vector: sameVector('b') });
    const source = await old.source();
    expect(await codeOf(assertSameModel(source, here.reader, model))).toBe('invalid_arguments');
    expect(await codeOf(assertSameModel(source, here.reader, { ...model, dimension: 4 }))).toBe(
      'invalid_arguments',
    );
  });

  it('that can not be compared are rejected', async () => {
    await old.add(png('a'), {}, { vector: sameVector('a'), file: null });
    expect(await codeOf(assertSameModel(await old.source(), here.reader, model))).toBe('invalid_arguments');
  });
});

/** What is written to, by a process that ends after so many writes. */
function dyingAfter(most: number): ImportDeps {
  let writes = 0;
  const dying =
    <Given extends unknown[], Result>(write: (...given: Given) => Promise<Result>) =>
    async (...given: Given): Promise<Result> => {
      const result = await write(...given);
      if (++writes === most) throw new Error('killed');
      return result;
    };
  return {
    ...importDeps(),
    derived: { ...here.derived, put: dying(here.derived.put) },
    originals: { ...here.originals, put: dying(here.originals.put) },
    queue: { ...here.queue, send: dying(here.queue.send) },
  };
}

/** As the product's readers: a known vector is taken, and the model not run. */
const takingVectors = (reader: ImageReader): ImageReader => ({
  ...reader,
  async describe(bytes, options) {
    const description = await reader.describe(bytes, options);
    return { ...description, embedding: options.embedding ?? description.embedding };
  },
});

describe('a wrong address', () => {
  it('of the collection, the server or its key is named', async () => {
    const open = (url: string, collection: string) => openOldGallery({ url, collection }).count();
    await expect(open(old.url, 'Other')).rejects.toThrow(/has no collection Other/);
    old.faults.push({ status: 403, body: '{"status":{"error":"forbidden"}}' });
    await expect(open(old.url, 'NekoImg')).rejects.toThrow(/--api-key-env/);
  });
});
