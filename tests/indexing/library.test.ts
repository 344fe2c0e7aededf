import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { keyId, sha1Hex, uploadId } from '../../shared/catalog/ids.ts';
import type { Upload } from '../../shared/indexing/library.ts';
import { readRecord, recordKey } from './derived.ts';
import { bytesOf, uploadOfText } from './domain.ts';
import { codeOf, type Harness, openHarness } from './harness.ts';

let h: Harness;
beforeEach(async () => {
  h = await openHarness();
  return () => h.close();
});

const addUpload = async (text: string, record: Partial<Upload['record']> = {}) => {
  const { id } = await h.library.upload(uploadOfText(text, record));
  await h.drain();
  return id;
};
const addFile = async (key: string, text: string) => {
  writeFileSync(join(h.folder, key), text);
  await h.reconcile(key);
  return keyId(key, h.namespace);
};
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
    const id = await addFile('mine.png', 'one');
    expect(await messageOf(h.library.upload(uploadOfText('one')))).toContain(id);
  });

  it('takes bytes again that were announced and never came, or that failed', async () => {
    const { body: _body, ...announced } = uploadOfText('one');
    await h.library.expectUpload(announced);
    expect(await codeOf(h.library.expectUpload(announced))).toBe('none');
    expect(await codeOf(h.library.upload(uploadOfText('one')))).toBe('none');
    const failed = await addUpload('BAD');
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
    const file = await addFile('mine.png', 'in the folder');
    const stored = await addUpload('stored');
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
    const ids = [file, queued, keyId('no', h.namespace), stored];
    expect(await Promise.all(ids.map(id => h.library.state(id)))).toEqual([
      'indexed',
      'queued',
      'unknown',
      'indexed',
    ]);
  });
});

describe('annotating an image', () => {
  it('changes the record and the point, and keeps the rest', async () => {
    const id = await addUpload('one', { categories: ['cats'], comments: 'first' });
    await h.library.update(id, { starred: true, comments: undefined });
    expect(await h.payload(id)).toMatchObject({ starred: true, categories: ['cats'], comments: 'first' });
    await h.library.update(id, { categories: [], comments: '' });
    expect(await h.payload(id)).toMatchObject({ starred: true, categories: [], comments: '' });
    expect((await readRecord(h, id))?.value).toMatchObject({ starred: true, categories: [], comments: '' });
  });

  it('survives the loss of the index', async () => {
    const file = await addFile('mine.png', 'in the folder');
    const id = await addUpload('one');
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
    const id = await addUpload('one');
    await Promise.all([
      h.library.update(id, { starred: true }),
      h.library.update(id, { categories: ['a'] }),
      h.library.update(id, { comments: 'b' }),
    ]);
    const said = { starred: true, categories: ['a'], comments: 'b' };
    expect(await h.payload(id)).toMatchObject(said);
    expect((await readRecord(h, id))?.value).toMatchObject(said);
    expect(await h.sweep()).toMatchObject({ annotated: 0, queued: 0 });
  });

  it('rejects the url of a local image and thumbnail_url beside a local thumbnail, writing nothing', async () => {
    const links = { local: false, url: 'https://x.test/a', thumbnail_url: 'https://x.test/t' };
    const local = await addUpload('one');
    const made = await addUpload('two', { ...links, thumbnail: 'always' });
    const linked = await addUpload('three', { ...links, thumbnail: 'never' });
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
    expect(await codeOf(h.library.update(keyId('no', h.namespace), { starred: true }))).toBe('not_found');
  });
});

describe('removing', () => {
  it('moves an upload out of sight and forgets it; the same bytes get the same id again', async () => {
    const id = await addUpload('one', { thumbnail: 'always' });
    await h.library.remove(id);
    expect(await h.library.state(id)).toBe('unknown');
    expect(await h.derivedKeys()).toEqual([`_deleted/${id}.json`]);
    expect(await h.originals.head(`uploads/${id}.png`)).toBeNull();
    expect(await h.originals.head(`_deleted/${id}.png`)).not.toBeNull();
    expect(await codeOf(h.library.remove(id))).toBe('not_found');
    expect(await h.sweep()).toMatchObject({ queued: 0 });
    expect(await addUpload('one')).toBe(id);
    expect(h.told).toContainEqual({ type: 'removed', id, key: `uploads/${id}.png` });
  });

  it('removes an upload that failed', async () => {
    const id = await addUpload('BAD');
    await h.library.remove(id);
    expect(await h.library.state(id)).toBe('unknown');
    expect(await h.derived.head(recordKey(id))).toBeNull();
  });

  it('rejects an image of the folder, which stays as it is', async () => {
    const id = await addFile('mine.png', 'one');
    expect(await codeOf(h.library.remove(id))).toBe('not_an_upload');
    expect(await h.library.state(id)).toBe('indexed');
    expect(await h.originals.head('mine.png')).not.toBeNull();
  });
});
