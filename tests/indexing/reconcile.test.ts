import { mkdirSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { sha1Hex } from '../../shared/catalog/ids.ts';
import { SemblanceError } from '../../shared/errors.ts';
import { createReconcile } from '../../shared/indexing/reconcile.ts';
import { KEYS_OF_NO_FILE } from '../contracts/names.ts';
import { previewKey, thumbnailKey } from './derived.ts';
import { bytesOf } from './domain.ts';
import { codeOf, type Harness, openHarness } from './harness.ts';

let h: Harness;
beforeEach(async () => {
  h = await openHarness();
  return () => h.close();
});

describe('an image of the folder', () => {
  it('is indexed with thumbnail, preview and the words in it', async () => {
    h.write('new year.png', 'words:新年 Sale');
    expect(await h.reconcile('new year.png')).toMatchObject({ type: 'indexed', id: h.idOf('new year.png') });
    expect(await h.payload(h.idOf('new year.png'))).toMatchObject({
      key: 'new year.png',
      name: 'new year.png',
      sha1: sha1Hex(bytesOf('words:新年 Sale')),
      width: 40,
      height: 30,
      local: true,
      has_thumbnail: true,
      has_preview: true,
      record_etag: null,
      ocr_text: '新年 Sale',
      ocr_phrase: '新 年 sale',
      categories: null,
    });
    expect(await h.derivedKeys()).toEqual([
      previewKey(h.idOf('new year.png')),
      thumbnailKey(h.idOf('new year.png')),
    ]);
  });

  it('is left alone when it did not change, and read again when it did', async () => {
    h.write('a.png', 'one');
    await h.reconcile('a.png');
    expect(await h.reconcile('a.png')).toMatchObject({ type: 'unchanged' });
    expect(h.reader.described).toHaveLength(1);
    h.write('a.png', 'three');
    expect(await h.reconcile('a.png')).toMatchObject({ type: 'indexed' });
    expect(await h.payload(h.idOf('a.png'))).toMatchObject({ sha1: sha1Hex(bytesOf('three')) });
  });

  it('is dropped with all that was made of it when it is gone', async () => {
    h.write('a.png', 'one');
    await h.reconcile('a.png');
    h.remove('a.png');
    expect(await h.reconcile('a.png')).toMatchObject({ type: 'removed' });
    expect(await h.reconcile('a.png')).toMatchObject({ type: 'unchanged' });
    expect(await h.payload(h.idOf('a.png'))).toBeNull();
    expect(await h.derivedKeys()).toEqual([]);
  });

  it('is not taken for gone while its folder is away', async () => {
    h.write('a.png', 'one');
    await h.reconcile('a.png');
    renameSync(h.folder, `${h.folder}-away`);
    expect(await codeOf(h.reconcile('a.png'))).toBe('folder_missing');
    expect(await codeOf(h.sweep())).toBe('folder_missing');
    renameSync(`${h.folder}-away`, h.folder);
    expect(await h.payload(h.idOf('a.png'))).not.toBeNull();
  });

  it('is passed over when it is hidden', async () => {
    mkdirSync(join(h.folder, '.trash'));
    h.write('.trash/a.png', 'one');
    expect(await h.reconcile('.trash/a.png')).toMatchObject({ type: 'ignored' });
    expect(await h.index.count()).toBe(0);
  });

  it('is looked at again when it changed while it was read', async () => {
    h.write('a.png', 'one');
    const { describe } = h.reader;
    let calls = 0;
    h.reader.describe = async (bytes, options) => {
      if (calls++ === 0) h.write('a.png', 'two, longer');
      return describe(bytes, options);
    };
    await h.reconcile('a.png');
    expect(await h.payload(h.idOf('a.png'))).toMatchObject({ sha1: sha1Hex(bytesOf('two, longer')) });
  });

  it('is gone at the end when it vanished while it was read', async () => {
    h.write('a.png', 'one');
    const { describe } = h.reader;
    h.reader.describe = async (bytes, options) => {
      h.remove('a.png');
      return describe(bytes, options);
    };
    await h.reconcile('a.png');
    expect(await h.payload(h.idOf('a.png'))).toBeNull();
    expect(await h.derivedKeys()).toEqual([]);
  });

  it('has its thumbnails when it came back, and was indexed by another, while it was dropped', async () => {
    h.write('a.png', 'one');
    await h.reconcile('a.png');
    h.remove('a.png');
    const remove = h.derived.delete;
    const deps = {
      ...h,
      derived: {
        ...h.derived,
        async delete(key: string) {
          if (key === thumbnailKey(h.idOf('a.png')) && (await h.index.count()) === 0) {
            h.write('a.png', 'two');
            await h.reconcile('a.png');
          }
          await remove(key);
        },
      },
    };
    await createReconcile(deps)('a.png');
    expect(await h.payload(h.idOf('a.png'))).toMatchObject({ sha1: sha1Hex(bytesOf('two')) });
    expect(await h.derivedKeys()).toEqual([previewKey(h.idOf('a.png')), thumbnailKey(h.idOf('a.png'))]);
  });

  it('has the preview of its bytes though another call made one of older bytes at the same time', async () => {
    h.write('a.png', 'old');
    const { describe } = h.reader;
    const { upsert } = h.index;
    const newIsReady = Promise.withResolvers<void>();
    const oldIsStored = Promise.withResolvers<void>();
    const newIsStored = Promise.withResolvers<void>();
    let newer: Promise<unknown> | undefined;
    h.reader.describe = async (bytes, options) => {
      const description = await describe(bytes, options);
      if (newer) return description;
      h.write('a.png', 'the newer one');
      newer = createReconcile(h)('a.png');
      await newIsReady.promise;
      return description;
    };
    // The newer thumbnails are put before the older, and the newer point after the older.
    h.index.upsert = async points => {
      if (points[0]?.payload['sha1'] === sha1Hex(bytesOf('old'))) {
        await upsert(points);
        oldIsStored.resolve();
        await newIsStored.promise;
      } else {
        newIsReady.resolve();
        await oldIsStored.promise;
        await upsert(points);
        newIsStored.resolve();
      }
    };

    await h.reconcile('a.png');
    await newer;

    const sha1 = sha1Hex(bytesOf('the newer one'));
    expect(await h.payload(h.idOf('a.png'))).toMatchObject({ sha1 });
    const preview = await h.derived.get(previewKey(h.idOf('a.png')), 1000);
    expect(new TextDecoder().decode(preview?.bytes)).toBe(`preview of ${sha1}`);
  });

  it('keeps a star that was set while it was indexed again', async () => {
    h.write('a.png', 'one');
    await h.reconcile('a.png');
    h.write('a.png', 'another');
    const { describe } = h.reader;
    h.reader.describe = async (bytes, options) => {
      const description = await describe(bytes, options);
      await h.library.update(h.idOf('a.png'), { starred: true });
      return description;
    };
    await h.reconcile('a.png');
    expect(await h.payload(h.idOf('a.png'))).toMatchObject({
      starred: true,
      sha1: sha1Hex(bytesOf('another')),
    });
  });
});

describe('an image that can not be indexed', () => {
  it('gets a failure record with its reason, and is not read again until it changes', async () => {
    h.write('bad.jpg', 'BAD');
    expect(await h.reconcile('bad.jpg')).toMatchObject({ type: 'failed', code: 'image_corrupt' });
    expect(await h.reconcile('bad.jpg')).toMatchObject({ type: 'failed', code: 'image_corrupt' });
    expect(h.reader.described).toHaveLength(1);
    expect((await h.library.failures()).failures).toMatchObject([
      { id: h.idOf('bad.jpg'), key: 'bad.jpg', code: 'image_corrupt', attempts: 1 },
    ]);
    expect(await h.library.state(h.idOf('bad.jpg'))).toBe('failed');
    h.write('bad.jpg', 'good now');
    expect(await h.reconcile('bad.jpg')).toMatchObject({ type: 'indexed' });
    expect((await h.library.failures()).failures).toEqual([]);
  });

  it('is tried again on request', async () => {
    h.write('bad.jpg', 'BAD');
    await h.reconcile('bad.jpg');
    expect(await h.library.retry()).toBe(1);
    await h.drain();
    expect((await h.library.failures()).failures).toMatchObject([{ attempts: 2 }]);
    expect(await h.library.retry([h.idOf('other')])).toBe(0);
    expect(await h.library.retry([h.idOf('bad.jpg')])).toBe(1);
  });

  it('is queued again without writing a record for each, however many failed', async () => {
    for (let i = 0; i < 20; i++) {
      h.write(`bad-${i}.jpg`, `BAD ${i}`);
      await h.reconcile(`bad-${i}.jpg`);
    }
    const put = vi.spyOn(h.derived, 'put');
    expect(await h.library.retry()).toBe(20);
    expect(put).not.toHaveBeenCalled();
    put.mockRestore();
  });

  it('takes the place of the good image that was there', async () => {
    h.write('a.jpg', 'good');
    await h.reconcile('a.jpg');
    h.write('a.jpg', 'BAD now');
    await h.reconcile('a.jpg');
    expect(await h.payload(h.idOf('a.jpg'))).toBeNull();
    expect(await h.derivedKeys()).toEqual([`failures/${h.idOf('a.jpg')}.json`]);
  });

  it.each([
    ['an empty file', '', 'image_empty', {}],
    [
      'a file over the limit',
      'x'.repeat(1_000_001),
      'image_too_many_bytes',
      { bytes: 1_000_001, max_bytes: 1_000_000 },
    ],
  ])('%s says so', async (_name, text, code, parameters) => {
    h.write('a.jpg', text);
    expect(await h.reconcile('a.jpg')).toMatchObject({ type: 'failed', code });
    expect((await h.library.failures()).failures).toMatchObject([{ code, parameters }]);
  });

  it('leaves no failure when it is deleted', async () => {
    h.write('bad.jpg', 'BAD');
    await h.reconcile('bad.jpg');
    h.remove('bad.jpg');
    await h.reconcile('bad.jpg');
    expect((await h.library.failures()).failures).toEqual([]);
  });

  it('is no failure of the image when the model or the index is at fault', async () => {
    h.write('a.jpg', 'good');
    h.reader.describe = async () => {
      throw new SemblanceError('model_missing', 'no model');
    };
    expect(await codeOf(h.reconcile('a.jpg'))).toBe('model_missing');
    expect((await h.library.failures()).failures).toEqual([]);
  });
});

describe('a key that no file can have', () => {
  it('is no image of a folder, and no failure', async () => {
    for (const key of KEYS_OF_NO_FILE) expect(await h.reconcile(key)).toMatchObject({ type: 'unchanged' });
    expect((await h.library.failures()).failures).toEqual([]);
  });

  it('is ignored where it was deleted by the product', async () => {
    expect(await h.reconcile('_deleted/b3aff1e9-8085-5300-8e06-37b522384659.png')).toMatchObject({
      type: 'ignored',
    });
  });
});
