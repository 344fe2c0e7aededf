import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { sha1Hex, uploadId } from '../../shared/catalog/ids.ts';
import { annotationVersion } from '../../shared/indexing/library.ts';
import { readRecord } from './derived.ts';
import { bytesOf, uploadOfText } from './domain.ts';
import { addFile, addUpload, codeOf, type Harness, openHarness } from './harness.ts';

let h: Harness;
beforeEach(async () => {
  h = await openHarness();
  return () => h.close();
});

const messageOf = (work: Promise<unknown>) => work.then(String, (error: Error) => error.message);

describe('uploading', () => {
  it('rejects the same bytes while queued and when stored, naming the id', async () => {
    const { id } = await h.library.upload(uploadOfText('one'));
    expect(await codeOf(h.library.upload(uploadOfText('one')))).toBe('duplicate_image');
    await h.drain();
    expect(
      await codeOf(h.library.upload(uploadOfText('one', { local: false, url: 'https://x.test/a' }))),
    ).toBe('duplicate_image');
    expect(await messageOf(h.library.upload(uploadOfText('one')))).toContain(id);
  });

  it('lets one of several at once through', async () => {
    const codes = await Promise.all([1, 2, 3, 4].map(() => codeOf(h.library.upload(uploadOfText('one')))));
    expect(codes.filter(code => code === 'none')).toHaveLength(1);
    expect(codes.filter(code => code === 'duplicate_image')).toHaveLength(3);
  });

  it('rejects bytes that the folder has', async () => {
    const id = await addFile(h, 'mine.png', 'one');
    expect(await messageOf(h.library.upload(uploadOfText('one')))).toContain(id);
  });

  it('takes bytes again that were announced and never came, or that failed', async () => {
    const { body: _body, ...announced } = uploadOfText('one');
    await h.library.expectUpload(announced);
    expect(await codeOf(h.library.expectUpload(announced))).toBe('none');
    expect(await codeOf(h.library.upload(uploadOfText('one')))).toBe('none');
    const failed = await addUpload(h, 'BAD');
    expect(await h.library.state(failed)).toBe('failed');
    expect(await codeOf(h.library.upload(uploadOfText('BAD')))).toBe('none');
    expect(await h.library.state(failed)).toBe('queued');
  });

  it('leaves what a sweep heals when the process ends before the key was queued', async () => {
    h.queue.send = async () => {
      throw new Error('killed');
    };
    await expect(h.library.upload(uploadOfText('one'))).rejects.toThrow('killed');
    const after = await openHarness(h);
    expect(await after.sweep()).toMatchObject({ added: 1, queued: 1 });
    await after.drain();
    expect(await after.library.state(uploadId(sha1Hex(bytesOf('one'))))).toBe('indexed');
    await after.close();
  });
});

describe('what is stored', () => {
  it('is known by SHA-1, in any case, uploads and the folder’s images alike', async () => {
    const file = await addFile(h, 'mine.png', 'in the folder');
    const stored = await addUpload(h, 'stored');
    const { id: queued } = await h.library.upload(uploadOfText('queued'));
    const hashes = ['stored', 'none', 'in the folder', 'queued', 'stored'].map(text =>
      sha1Hex(bytesOf(text)),
    );
    expect(await h.library.findBySha1(hashes.map(sha1 => sha1.toUpperCase()))).toEqual([
      stored,
      null,
      file,
      queued,
      stored,
    ]);
    const ids = [file, queued, h.idOf('no'), stored];
    expect(await Promise.all(ids.map(id => h.library.state(id)))).toEqual([
      'indexed',
      'queued',
      'unknown',
      'indexed',
    ]);
  });
});

describe('annotating an image', () => {
  it('tells who listens, once the point has it', async () => {
    const id = await addFile(h, 'heard.png', 'heard');
    const heard: unknown[] = [];
    const stop = h.library.subscribe(event => heard.push(event));
    await h.library.update(id, { starred: true });
    stop();
    expect(heard).toEqual([{ type: 'updated', id, key: 'heard.png' }]);
  });

  it('changes the record and the point, and keeps the rest', async () => {
    const id = await addUpload(h, 'one', { categories: ['cats'], comments: 'first' });
    await h.library.update(id, { starred: true, comments: undefined });
    expect(await h.payload(id)).toMatchObject({ starred: true, categories: ['cats'], comments: 'first' });
    await h.library.update(id, { categories: [], comments: '' });
    expect(await h.payload(id)).toMatchObject({ starred: true, categories: [], comments: '' });
    expect((await readRecord(h, id))?.value).toMatchObject({ starred: true, categories: [], comments: '' });
  });

  it('survives the loss of the index', async () => {
    const file = await addFile(h, 'mine.png', 'in the folder');
    const id = await addUpload(h, 'one');
    await h.library.update(file, { starred: true });
    await h.library.update(id, { categories: ['新年'] });
    await h.close();
    rmSync(join(h.data, 'index.sqlite'));
    h = await openHarness(h);
    expect(await h.index.count()).toBe(0);
    expect(await h.sweep()).toMatchObject({ added: 2, dropped: 0 });
    await h.drain();
    expect(await h.payload(file)).toMatchObject({ starred: true });
    expect(await h.payload(id)).toMatchObject({ categories: ['新年'] });
  });

  it('loses nothing when many say something at once', async () => {
    const id = await addUpload(h, 'one');
    await Promise.all([
      h.library.update(id, { starred: true }),
      h.library.update(id, { categories: ['a'] }),
      h.library.update(id, { comments: 'b' }),
    ]);
    const annotations = { starred: true, categories: ['a'], comments: 'b' };
    expect(await h.payload(id)).toMatchObject(annotations);
    expect((await readRecord(h, id))?.value).toMatchObject(annotations);
    expect(await h.sweep()).toMatchObject({ annotated: 0, queued: 0 });
  });

  it('rejects the url of a local image and thumbnail_url beside a local thumbnail, writing nothing', async () => {
    const links = { local: false, url: 'https://x.test/a', thumbnail_url: 'https://x.test/t' };
    const local = await addUpload(h, 'one');
    const made = await addUpload(h, 'two', { ...links, thumbnail: 'always' });
    const linked = await addUpload(h, 'three', { ...links, thumbnail: 'never' });
    const rejected = [
      codeOf(h.library.update(local, { url: 'https://x.test/b', starred: true })),
      codeOf(h.library.update(local, { thumbnail_url: 'https://x.test/b', starred: true })),
      codeOf(h.library.update(made, { thumbnail_url: 'https://x.test/b', starred: true })),
    ];
    for (const code of rejected) expect(await code).toBe('invalid_request');
    expect(await h.payload(local)).toMatchObject({ starred: false });
    expect((await readRecord(h, made))?.value).toMatchObject({ starred: false });
    await h.library.update(made, { url: 'https://x.test/b' });
    await h.library.update(linked, { url: 'https://x.test/b', thumbnail_url: 'https://x.test/c' });
    expect(await h.payload(made)).toMatchObject({ url: 'https://x.test/b' });
    expect(await h.payload(linked)).toMatchObject({
      url: 'https://x.test/b',
      thumbnail_url: 'https://x.test/c',
    });
  });

  it('does not know what is unknown', async () => {
    expect(await codeOf(h.library.update(h.idOf('no'), { starred: true }))).toBe('not_found');
  });
});

describe('categories', () => {
  const DECOMPOSED = 'Cafe\u0301';
  it('are kept trimmed, composed and once, however they come', async () => {
    const given = [' cats ', 'cats', DECOMPOSED, 'Caf\u00e9'];
    const id = await addUpload(h, 'one', { categories: given });
    expect(await h.payload(id)).toMatchObject({ categories: ['cats', 'Caf\u00e9'] });
    await h.library.update(id, { categories: [...given, 'new'] });
    expect(await h.payload(id)).toMatchObject({ categories: ['cats', 'Caf\u00e9', 'new'] });
    await h.library.update(id, { addCategories: ['new ', DECOMPOSED, 'more'] });
    expect(await h.payload(id)).toMatchObject({ categories: ['cats', 'Caf\u00e9', 'new', 'more'] });
    await h.library.update(id, { removeCategories: [DECOMPOSED, ' cats', 'none'] });
    expect(await h.payload(id)).toMatchObject({ categories: ['new', 'more'] });
  });

  it.each([[['']], [['cats', '  ']], [['cats,night']]])(
    'are rejected where no filter could name them: %j',
    async categories => {
      expect(await codeOf(h.library.upload(uploadOfText('one', { categories })))).toBe('invalid_request');
      expect(await h.library.state(uploadId(sha1Hex(bytesOf('one'))))).toBe('unknown');
      const id = await addUpload(h, 'two', { categories: ['kept'] });
      expect(await codeOf(h.library.update(id, { categories }))).toBe('invalid_request');
      expect(await codeOf(h.library.update(id, { addCategories: categories }))).toBe('invalid_request');
      expect(await h.payload(id)).toMatchObject({ categories: ['kept'] });
    },
  );
});

describe('two people who annotate one image', () => {
  it('add and remove categories without overwriting each other', async () => {
    const id = await addUpload(h, 'one', { categories: ['old'] });
    const names = Array.from({ length: 12 }, (_, i) => `c${i}`);
    // There are two libraries, as two processes have them.
    const other = await openHarness(h);
    await Promise.all([
      ...names.map((name, i) => (i % 2 ? h : other).library.update(id, { addCategories: [name] })),
      other.library.update(id, { removeCategories: ['old'] }),
    ]);
    expect((await readRecord(h, id))?.value?.categories?.toSorted()).toEqual(names.toSorted());
    expect(await h.sweep()).toMatchObject({ queued: 0 });
    await other.close();
  });

  it('never meet a conflict over a star, however often it is toggled', async () => {
    const id = await addUpload(h, 'one');
    const other = await openHarness(h);
    const toggles = Array.from({ length: 40 }, (_, i) =>
      codeOf((i % 2 ? h : other).library.update(id, { starred: i % 3 === 0 })),
    );
    expect(new Set(await Promise.all(toggles))).toEqual(new Set(['none']));
    expect((await h.payload(id))?.record_etag).toBe((await readRecord(h, id))?.etag);
    await other.close();
  });

  it('are rejected where they would overwrite what the other wrote', async () => {
    const id = await addUpload(h, 'one');
    const seen = annotationVersion((await h.payload(id))?.record_etag ?? null);
    const { version } = await h.library.update(id, { comments: 'first', ifVersion: seen });
    expect(await codeOf(h.library.update(id, { comments: 'second', ifVersion: seen }))).toBe(
      'version_conflict',
    );
    expect(await h.payload(id)).toMatchObject({ comments: 'first' });
    expect(annotationVersion((await h.payload(id))?.record_etag ?? null)).toBe(version);
    await h.library.update(id, { comments: 'second', ifVersion: version });
    const file = await addFile(h, 'mine.png', 'in the folder');
    await h.library.update(file, { starred: true, ifVersion: 'none' });
    expect(await codeOf(h.library.update(file, { starred: false, ifVersion: 'none' }))).toBe(
      'version_conflict',
    );
  });
});

describe('an upload that waits to be indexed', () => {
  it('is annotated, and is indexed with it', async () => {
    const { id } = await h.library.upload(uploadOfText('one'));
    await h.library.update(id, { starred: true, addCategories: ['cats'] });
    await h.drain();
    expect(await h.payload(id)).toMatchObject({ starred: true, categories: ['cats'] });
  });

  it('stays deleted when it was deleted', async () => {
    const { id } = await h.library.upload(uploadOfText('one'));
    await h.library.remove(id);
    await h.drain();
    await h.sweep();
    await h.drain();
    expect(await h.library.state(id)).toBe('unknown');
    expect(await h.index.count()).toBe(0);
    expect(await h.library.trash()).toMatchObject([{ id }]);
  });

  it('stays deleted though it is in work when it is deleted', async () => {
    const { id } = await h.library.upload(uploadOfText('one'));
    const { describe } = h.reader;
    h.reader.describe = async (bytes, options) => {
      const description = await describe(bytes, options);
      await h.library.remove(id);
      return description;
    };
    await h.drain();
    expect(await h.library.state(id)).toBe('unknown');
    expect(await h.derivedKeys()).toEqual([`_deleted/${id}.json`]);
  });

  it('stays deleted though its bytes come only then', async () => {
    const { body, ...announced } = uploadOfText('one');
    const { id, key } = await h.library.expectUpload(announced);
    await h.library.remove(id);
    expect(await h.library.trash()).toEqual([]);
    await h.originals.put(key, body, { contentType: 'image/png' });
    await h.reconcile(key);
    expect(await h.library.state(id)).toBe('unknown');
    expect(await h.originals.head(key)).toBeNull();
    expect(await h.library.trash()).toMatchObject([{ id }]);
    // Sent again, it is an upload like any other.
    expect(await addUpload(h, 'one')).toBe(id);
    expect(await h.library.state(id)).toBe('indexed');
  });
});

describe('a file of the folder that was annotated and deleted', () => {
  it('is gone, and waits for nothing', async () => {
    const id = await addFile(h, 'mine.png', 'one');
    await addFile(h, 'other.png', 'two');
    await h.library.update(id, { starred: true });
    h.remove('mine.png');
    await h.reconcile('mine.png');
    expect(await h.library.state(id)).toBe('unknown');
    expect(await codeOf(h.library.update(id, { starred: false }))).toBe('not_found');
    expect(await codeOf(h.library.remove(id))).toBe('not_found');
    expect(await h.sweep()).toMatchObject({ leftovers: 0, queued: 0 });
    expect(await h.library.state(id)).toBe('unknown');
    expect(await addFile(h, 'elsewhere.png', 'one')).toBe(h.idOf('elsewhere.png'));
    expect(await h.payload(h.idOf('elsewhere.png'))).toMatchObject({ starred: true });
  });
});

it('says for how long no image was indexed, changed, removed or given up in this process', async () => {
  let time = new Date('2026-03-01T12:00:00Z');
  const pass = (ms: number) => {
    time = new Date(time.getTime() + ms);
  };
  const own = await openHarness(undefined, { now: () => time });
  pass(4000);
  expect(own.library.unchangedFor()).toBe(4000);
  for (const type of ['indexed', 'updated', 'removed'] as const) {
    own.events.emit({ type, id: own.idOf('a.png'), key: 'a.png' });
    pass(70);
    expect(own.library.unchangedFor()).toBe(70);
  }
  own.events.emit({ type: 'failed', id: own.idOf('a.png'), key: 'a.png', code: 'image_corrupt' });
  expect(own.library.unchangedFor()).toBe(0);
  own.events.emit({ type: 'resumed' });
  pass(5);
  expect(own.library.unchangedFor()).toBe(5);
  await own.close();
});
