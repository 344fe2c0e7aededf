import { existsSync, readdirSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { sha1Hex, uploadId } from '../../shared/catalog/ids.ts';
import { type ImportDeps, importImages } from '../../shared/neko/import-images.ts';
import { openOldGallery } from '../../shared/neko/old-gallery.ts';
import { openFolderStore } from '../../shared/objects/folder-store.ts';
import { readRecord } from '../indexing/derived.ts';
import { codeOf } from '../indexing/harness.ts';
import { nothing, png, prepareImport } from './import-harness.ts';

const both = prepareImport();
const { importDeps, runImport } = both;
const RANDOM_ID = 'a3bb189e-8bf9-4888-9912-ace4e6543002';
const ownFiles = () => readdirSync(join(both.here.data, 'originals', 'uploads')).sort();

describe('what is kept', () => {
  it('ids, stars, categories, comments and bytes', async () => {
    const plain = await both.old.add(png('plain'));
    const annotations = { starred: true, categories: ['猫', 'a b'], comments: 'from 2019' };
    const annotated = await both.old.add(png('annotated'), { ...annotations, local_thumbnail: true });
    expect(await runImport()).toEqual({ ...nothing, imported: 2 });
    await both.here.drain();

    expect(await both.here.payload(plain)).toMatchObject({
      starred: false,
      categories: null,
      comments: null,
      local: true,
    });
    expect(await both.here.payload(plain)).toMatchObject({
      has_thumbnail: false,
      sha1: sha1Hex(png('plain')),
    });
    expect(await both.here.payload(annotated)).toMatchObject({
      ...annotations,
      has_thumbnail: true,
      url: null,
    });
    expect((await readRecord(both.here, annotated))?.value).toMatchObject({
      ...annotations,
      key: `uploads/${annotated}.png`,
    });
    const original = await both.here.originals.get(`uploads/${annotated}.png`, 1000);
    expect(Buffer.from(original?.bytes ?? [])).toEqual(Buffer.from(png('annotated')));
  });

  it('ids that the oldest servers made up, with fields that they did not have yet', async () => {
    writeFileSync(join(both.old.folder, `${RANDOM_ID}.jfif`), png('ancient'));
    await both.old.addPoint(RANDOM_ID, {
      url: `/static/${RANDOM_ID}.jfif`,
      index_date: '2023-01-01T00:00:00',
    });
    expect(await runImport()).toEqual({ ...nothing, imported: 1 });
    await both.here.drain();
    expect(await both.here.payload(RANDOM_ID)).toMatchObject({
      key: `uploads/${RANDOM_ID}.png`,
      starred: false,
    });
    // The same bytes are still known: a second upload of them is rejected.
    expect(await both.here.library.findBySha1([sha1Hex(png('ancient'))])).toEqual([RANDOM_ID]);
  });

  it('the time of a file, which is used where an image has none of its own', async () => {
    const id = await both.old.add(png('old photo'));
    utimesSync(join(both.old.folder, `${id}.png`), 1_500_000_000, 1_500_000_000);
    const copied = await both.old.add(png('copied later'), { index_date: '2022-02-02T00:00:00.5' });
    await runImport();
    await both.here.drain();
    expect((await both.here.payload(id))?.taken_at).toBe(new Date(1_500_000_000_000).toISOString());
    expect((await both.here.payload(copied))?.taken_at).toBe(new Date('2022-02-02T00:00:00.5').toISOString());
  });

  it('a file that was changed after it was indexed comes as it is now, and is named', async () => {
    const id = await both.old.add(png('as it is now'), {}, { id: uploadId(sha1Hex(png('as it was'))) });
    expect(await runImport()).toEqual({ ...nothing, imported: 1, changed: [id] });
    await both.here.drain();
    expect((await both.here.payload(id))?.sha1).toBe(sha1Hex(png('as it is now')));
  });
});

describe('again and again', () => {
  it('a second import changes nothing, and annotations made here since stay', async () => {
    const id = await both.old.add(png('one'), { starred: true });
    await runImport();
    await both.here.drain();
    await both.here.library.update(id, { starred: false, comments: 'written here' });
    const files = ownFiles();
    expect(await runImport()).toEqual({ ...nothing, present: 1 });
    expect(await both.here.drain()).toBe(0);
    expect(await both.here.payload(id)).toMatchObject({ starred: false, comments: 'written here' });
    expect(ownFiles()).toEqual(files);
  });

  it('an image that was deleted here stays deleted', async () => {
    const id = await both.old.add(png('unloved'));
    await runImport();
    await both.here.drain();
    await both.here.library.remove(id);
    expect(await runImport()).toEqual({ ...nothing, deleted: 1 });
    expect(await both.here.library.state(id)).toBe('unknown');
  });

  it('stopped after any write it goes on and ends the same', async () => {
    const ids = [await both.old.add(png('a')), await both.old.add(png('b')), await both.old.add(png('c'))];
    // It stops after the record of a, its file, its key; then after the files of b and c.
    for (const writes of [1, 2, 1, 3, 4]) {
      const deps = dyingAfter(writes);
      await expect(importImages(deps, await both.old.source())).rejects.toThrow('killed');
    }
    const { imported, present } = await runImport();
    expect(imported + present).toBe(3);
    await both.here.drain();
    for (const id of ids) expect(await both.here.library.state(id)).toBe('indexed');
    expect(readdirSync(join(both.here.data, 'receiving'))).toEqual([]);
  });

  it('interrupted between images it stops at once', async () => {
    await both.old.add(png('a'));
    await both.old.add(png('b'));
    const controller = new AbortController();
    const stopped = runImport({
      signal: controller.signal,
      onProgress: () => controller.abort(new Error('SIGINT')),
    });
    await expect(stopped).rejects.toThrow('SIGINT');
    expect(ownFiles()).toHaveLength(1);
    expect(await runImport()).toEqual({ ...nothing, imported: 1, present: 1 });
  });

  it('more images than one page holds come over', async () => {
    await Promise.all(
      Array.from({ length: 103 }, (_, i) =>
        both.old.addPoint(uploadId(sha1Hex(png(`${i}`))), { url: '/static/x.png' }),
      ),
    );
    const { problems } = await runImport();
    expect(new Set(problems.map(({ id }) => id)).size).toBe(103);
  });
});

describe('what does not come', () => {
  it('is named, each with its reason, and the rest comes', async () => {
    const missing = await both.old.add(png('lost'), {}, { file: null });
    const letter = await both.old.add(new TextEncoder().encode('Dear Sir or Madam'));
    const large = await both.old.add(png('large'.repeat(100)));
    const strange = await both.old.addPoint(RANDOM_ID, { starred: 'very' });
    const good = await both.old.add(png('good'));
    const report = await runImport({ maxBytes: 300 });
    expect(report.imported).toBe(1);
    expect(new Map(report.problems.map(({ id, code }) => [id, code]))).toEqual(
      new Map([
        [missing, 'picture_missing'],
        [letter, 'not_an_image'],
        [large, 'image_too_many_bytes'],
        [strange, 'invalid_request'],
      ]),
    );
    expect(await both.here.library.state(good)).toBe('queued');
    // The file turns up: the next import brings it.
    writeFileSync(join(both.old.folder, `${missing}.png`), png('lost'));
    expect(await runImport({ maxBytes: 300 })).toMatchObject({ imported: 1, present: 1 });
  });

  it('a path out of the storage is no path', async () => {
    writeFileSync(join(both.old.folder, '..', 'secret.png'), png('secret'));
    await both.old.add(png('x'), { format: '../secret.png', url: '/static/../secret.png' }, { file: null });
    expect((await runImport()).problems).toMatchObject([{ code: 'picture_missing' }]);
  });

  it('a storage that goes away ends the import, and nothing counts as missing', async () => {
    await both.old.add(png('x'), {}, { file: null });
    const { storage } = await both.old.source();
    const gone = {
      ...storage,
      get: async () => (await openFolderStore('/nowhere', { readOnly: true })).get('x.png', 1),
    };
    expect(await codeOf(runImport({ storage: gone }))).toBe('folder_missing');
  });

  it('a dry run reports the same and writes nothing', async () => {
    await both.old.add(png('a'));
    await both.old.add(png('b'), {}, { file: null });
    await both.old.add(png('c'), { local: false, url: 'https://x.test/c.png' });
    const report = await runImport({ dryRun: true, fetch: true });
    expect(report).toMatchObject({ imported: 1, remote: 1, problems: [{ code: 'picture_missing' }] });
    expect(existsSync(join(both.here.data, 'originals', 'uploads'))).toBe(false);
    expect(await both.here.derivedKeys()).toEqual([]);
    expect((await both.here.queue.counts()).waiting).toBe(0);
  });

  it('nothing of the old server is written to', async () => {
    const id = await both.old.add(png('a'), { starred: true });
    const asked = both.old.requests();
    const before = statSync(join(both.old.folder, `${id}.png`));
    await runImport();
    await both.here.drain();
    const paths = both.old.requestsAfter(asked).map(({ method, path }) => `${method} ${path}`);
    expect(new Set(paths)).toEqual(new Set(['POST /collections/NekoImg/points/scroll']));
    expect(statSync(join(both.old.folder, `${id}.png`))).toMatchObject({
      ino: before.ino,
      mtimeMs: before.mtimeMs,
    });
    expect(readdirSync(both.old.folder).sort()).toEqual([`${id}.png`, 'thumbnails'].sort());
  });
});

describe('a wrong address', () => {
  it('of the collection, the server or its key is named', async () => {
    const open = (url: string, collection: string) => openOldGallery({ url, collection }).count();
    await expect(open(both.old.url, 'Other')).rejects.toThrow(/has no collection Other/);
    both.old.faults.push({ status: 403, body: '{"status":{"error":"forbidden"}}' });
    await expect(open(both.old.url, 'NekoImg')).rejects.toThrow(/--api-key-env/);
  });
});

/** Dependencies of a process that ends after so many writes. */
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
    derived: { ...both.here.derived, put: dying(both.here.derived.put) },
    originals: { ...both.here.originals, put: dying(both.here.originals.put) },
    queue: { ...both.here.queue, send: dying(both.here.queue.send) },
  };
}
