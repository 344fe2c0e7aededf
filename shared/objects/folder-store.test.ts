import { randomUUID } from 'node:crypto';
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { LOOKALIKE_KEYS } from '../../tests/contracts/names.ts';
import { describeObjectStore } from '../../tests/contracts/object-store.ts';
import { SemblanceError } from '../errors.ts';
import { openFolderStore } from './folder-store.ts';
import { laptopOriginals } from './laptop-originals.ts';
import type { ObjectStore } from './object-store.ts';

const folder = mkdtempSync(join(tmpdir(), 'semblance-folder-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const newFolder = () => {
  const path = join(folder, randomUUID());
  mkdirSync(path);
  return path;
};
const keysOf = async (store: ObjectStore, prefix = '') => {
  const keys: string[] = [];
  for await (const object of store.list(prefix)) keys.push(object.key);
  return keys;
};
const code = async (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'none',
    error => (error instanceof SemblanceError ? error.code : String(error)),
  );
const text = { contentType: 'text/plain' };

describeObjectStore('folder', () => openFolderStore(newFolder()));

describe("a person's folder", () => {
  it('is listed without hidden files, folders and what systems leave behind', async () => {
    const root = newFolder();
    for (const path of ['.git', '@eaDir', 'nested/deep', 'nested/.cache'])
      mkdirSync(join(root, path), { recursive: true });
    for (const path of [
      'a.jpg',
      '.DS_Store',
      '.git/x.png',
      '@eaDir/a.jpg',
      'Thumbs.db',
      'nested/deep/b.jpg',
      'nested/.cache/c.jpg',
    ])
      writeFileSync(join(root, path), 'x');
    const store = await openFolderStore(root, { readOnly: true });
    expect(await keysOf(store)).toEqual(['a.jpg', 'nested/deep/b.jpg']);
    expect(await store.head('.git/x.png')).toBeNull();
    expect(await keysOf(store, '.git/')).toEqual([]);
  });

  it('has each file under exactly its name, in whatever Unicode normal form its folders are', async () => {
    const root = newFolder();
    for (const key of LOOKALIKE_KEYS) {
      mkdirSync(join(root, dirname(key)), { recursive: true });
      writeFileSync(join(root, key), key);
    }
    if (readdirSync(root).length < 7) return; // a file system that keeps one form only
    const store = await openFolderStore(root, { readOnly: true });
    expect((await keysOf(store)).sort()).toEqual([...LOOKALIKE_KEYS].sort());
    for (const key of LOOKALIKE_KEYS)
      expect(new TextDecoder().decode((await store.get(key, 100))?.bytes)).toBe(key);
  });

  it('reports names that are no UTF-8 and folders that may not be opened', async () => {
    const root = newFolder();
    const named = (name: Buffer) => Buffer.concat([Buffer.from(`${root}/`), name]);
    writeFileSync(join(root, 'good.png'), 'x');
    writeFileSync(named(Buffer.from('Gro\xdf.png', 'latin1')), 'x');
    writeFileSync(named(Buffer.from('caf\xe9.jpg', 'latin1')), 'x');
    writeFileSync(named(Buffer.concat([Buffer.from('新'), Buffer.from('\xe5\xb9.jpg', 'latin1')])), 'x');
    mkdirSync(named(Buffer.from('dir-\xe9', 'latin1')));
    writeFileSync(named(Buffer.from('dir-\xe9/inner.png', 'latin1')), 'x');
    mkdirSync(join(root, 'closed'));
    writeFileSync(join(root, 'closed', 'a.png'), 'x');
    const isRoot = process.getuid?.() === 0;
    chmodSync(join(root, 'closed'), 0);
    const store = await openFolderStore(root, { readOnly: true });
    const found: [string, string][] = [];
    const keys: string[] = [];
    for await (const object of store.list('', ({ key, reason }) => found.push([key, reason.code])))
      keys.push(object.key);
    chmodSync(join(root, 'closed'), 0o755);
    expect(keys).toEqual(isRoot ? ['closed/a.png', 'good.png'] : ['good.png']);
    expect(found.sort()).toEqual([
      ['Gro\\xdf.png', 'name_not_utf8'],
      ['caf\\xe9.jpg', 'name_not_utf8'],
      ...(isRoot ? [] : [['closed/', 'folder_denied']]),
      ['dir-\\xe9/', 'name_not_utf8'],
      ['新\\xe5\\xb9.jpg', 'name_not_utf8'],
    ]);
  });

  it('ends on links that make loops, and follows one that leads to another folder', async () => {
    const root = newFolder();
    const elsewhere = newFolder();
    mkdirSync(join(root, 'a'));
    writeFileSync(join(root, 'a', '1.jpg'), 'x');
    writeFileSync(join(elsewhere, '2.jpg'), 'x');
    symlinkSync(root, join(root, 'a', 'loop'));
    symlinkSync(folder, join(root, 'above'));
    symlinkSync(elsewhere, join(root, 'elsewhere'));
    symlinkSync(elsewhere, join(elsewhere, 'itself'));
    symlinkSync(join(root, 'missing'), join(root, 'broken.jpg'));
    symlinkSync('self.jpg', join(root, 'self.jpg'));
    const store = await openFolderStore(root, { readOnly: true });
    expect(await keysOf(store)).toEqual(['a/1.jpg', 'elsewhere/2.jpg']);
    expect(await store.head('elsewhere/2.jpg')).not.toBeNull();
    expect(await store.head('a/loop/a/1.jpg')).toBeNull();
    expect(await store.head('broken.jpg')).toBeNull();
    expect(await store.head('self.jpg')).toBeNull();
  });

  it('leaves out the folder of the data where it lies inside', async () => {
    const root = newFolder();
    mkdirSync(join(root, 'data', 'thumbnails'), { recursive: true });
    writeFileSync(join(root, 'data', 'thumbnails', 'a.webp'), 'x');
    writeFileSync(join(root, 'a.jpg'), 'x');
    const store = await openFolderStore(root, { readOnly: true, exclude: join(root, 'data') });
    expect(await keysOf(store)).toEqual(['a.jpg']);
    expect(await store.head('data/thumbnails/a.webp')).toBeNull();
  });

  it('is never written to', async () => {
    const root = newFolder();
    writeFileSync(join(root, 'a.jpg'), 'x');
    const store = await openFolderStore(root, { readOnly: true });
    expect(await code(store.put('b.jpg', new Uint8Array(1), text))).toBe('store_denied');
    expect(await code(store.delete('a.jpg'))).toBe('store_denied');
    expect(await code(store.move('a.jpg', 'b.jpg'))).toBe('store_denied');
    expect(readdirSync(root)).toEqual(['a.jpg']);
  });

  it('says that it is missing, at the start and when it goes away, instead of "all gone"', async () => {
    const root = newFolder();
    expect(await code(openFolderStore(join(root, 'not-there'), { readOnly: true }))).toBe('folder_missing');
    writeFileSync(join(root, 'file'), 'x');
    expect(await code(openFolderStore(join(root, 'file'), { readOnly: true }))).toBe('folder_missing');
    const store = await openFolderStore(root, { readOnly: true });
    renameSync(root, `${root}-away`);
    expect(await code(store.head('file'))).toBe('folder_missing');
    expect(await code(keysOf(store))).toBe('folder_missing');
    renameSync(`${root}-away`, root);
    expect(await store.head('file')).not.toBeNull();
  });

  it('takes a file that was changed in place for another, though its size and time were put back', async () => {
    const root = newFolder();
    const file = join(root, 'a.jpg');
    writeFileSync(file, 'one');
    utimesSync(file, 1_700_000_000, 1_700_000_000);
    const store = await openFolderStore(root, { readOnly: true });
    const before = await store.head('a.jpg');
    writeFileSync(file, 'two', { flag: 'r+' });
    utimesSync(file, 1_700_000_000, 1_700_000_000);
    const after = await store.head('a.jpg');
    expect(after).toMatchObject({ bytes: before?.bytes, modified: before?.modified });
    expect(after?.etag).not.toBe(before?.etag);
  });

  it('never gives a mixture of old and new bytes of a file that is written to while it is read', async () => {
    const root = newFolder();
    const size = 6_000_000;
    const whole = ['a', 'b'].map(letter => Buffer.alloc(size, letter));
    writeFileSync(join(root, 'a.jpg'), whole[0] ?? '');
    const store = await openFolderStore(root, { readOnly: true });
    const codes = new Set<string>();
    for (let round = 0; round < 12; round++) {
      let reading = true;
      const read = store.get('a.jpg', size).finally(() => {
        reading = false;
      });
      read.catch(() => undefined);
      for (let version = 0; reading; version++) {
        await new Promise(setImmediate);
        // The whole file is written at once, in its place, as some editors save.
        writeFileSync(join(root, 'a.jpg'), whole[version % 2] ?? '', { flag: 'r+' });
      }
      codes.add(await code(read));
      const found = await read.catch(() => null);
      if (found) expect(new Set(found.bytes).size).toBe(1);
    }
    expect(codes).toContain('store_unavailable');
  });

  it('takes another inode with the same size and time for another ETag', async () => {
    const root = newFolder();
    const file = join(root, 'a.jpg');
    writeFileSync(file, 'one');
    const store = await openFolderStore(root, { readOnly: true });
    const etag = async () => (await store.head('a.jpg'))?.etag;
    const first = await etag();
    const { atime, mtime } = statSync(file);
    writeFileSync(join(root, 'new'), 'two');
    utimesSync(join(root, 'new'), atime, mtime);
    renameSync(join(root, 'new'), file);
    expect(await etag()).not.toBe(first);
  });

  it.skipIf(process.getuid?.() === 0)('calls an unreadable file denied, not gone', async () => {
    const root = newFolder();
    mkdirSync(join(root, 'closed'));
    writeFileSync(join(root, 'closed', 'a.jpg'), 'x');
    writeFileSync(join(root, 'b.jpg'), 'x');
    chmodSync(join(root, 'closed'), 0o000);
    chmodSync(join(root, 'b.jpg'), 0o000);
    const store = await openFolderStore(root, { readOnly: true });
    expect(await code(store.head('closed/a.jpg'))).toBe('store_denied');
    expect(await code(store.get('b.jpg', 10))).toBe('store_denied');
    expect(await keysOf(store)).toEqual(['b.jpg']);
    chmodSync(join(root, 'closed'), 0o700);
  });
});

describe('a folder of the product', () => {
  it('takes over a finished file', async () => {
    const store = await openFolderStore(newFolder());
    const file = join(newFolder(), 'finished.tmp');
    writeFileSync(file, 'from a file');
    await store.put('uploads/a.jpg', { file }, text);
    expect((await store.get('uploads/a.jpg', 100))?.bytes).toHaveLength(11);
    expect(() => statSync(file)).toThrow();
  });

  it('shows readers the old bytes or the new, never a part', async () => {
    const store = await openFolderStore(newFolder());
    const versions = ['a', 'b'].map(letter => new TextEncoder().encode(letter.repeat(200_000)));
    await store.put('a.bin', versions[0] ?? new Uint8Array(), text);
    let writing = true;
    const writes = (async () => {
      for (let i = 0; i < 20; i++) await store.put('a.bin', versions[i % 2] ?? new Uint8Array(), text);
      writing = false;
    })();
    while (writing) {
      const read = await store.get('a.bin', 1_000_000);
      expect(new Set(read?.bytes).size).toBe(1);
      expect(read?.bytes).toHaveLength(200_000);
    }
    await writes;
  });

  it('breaks a lock that a killed process left', async () => {
    const root = newFolder();
    const store = await openFolderStore(root);
    const first = await store.put('a.json', new Uint8Array(1), { ...text, ifMatch: null });
    const { createHash } = await import('node:crypto');
    const lock = join(root, '.store', `${createHash('sha1').update('a.json').digest('hex')}.lock`);
    writeFileSync(lock, '');
    utimesSync(lock, new Date(0), new Date(0));
    await store.put('a.json', new Uint8Array(2), { ...text, ifMatch: first.etag });
    expect((await store.head('a.json'))?.bytes).toBe(2);
  });

  it.skipIf(process.getuid?.() === 0)('says that it can not be written', async () => {
    const root = newFolder();
    chmodSync(root, 0o500);
    expect(await code(openFolderStore(root))).toBe('data_read_only');
    chmodSync(root, 0o700);
  });
});

describe("a laptop's originals", () => {
  const own = 'uploads/b3aff1e9-8085-5300-8e06-37b522384659.jpeg';

  it('writes uploads into the data folder and nothing into the person’s', async () => {
    const root = newFolder();
    writeFileSync(join(root, 'a.jpg'), 'x');
    writeFileSync(join(root, 'z.jpg'), 'x');
    const store = laptopOriginals(
      await openFolderStore(root, { readOnly: true }),
      await openFolderStore(newFolder()),
    );
    await store.put(own, new Uint8Array(3), text);
    expect(await keysOf(store)).toEqual(['a.jpg', own, 'z.jpg']);
    expect(await store.move(own, own.replace('uploads', '_deleted'))).toBe(true);
    expect(await keysOf(store)).toEqual([own.replace('uploads', '_deleted'), 'a.jpg', 'z.jpg']);
    for (const work of [
      store.put('b.jpg', new Uint8Array(1), text),
      store.delete('a.jpg'),
      store.move('a.jpg', own),
    ])
      expect(await code(work)).toBe('not_an_upload');
    expect(readdirSync(root).sort()).toEqual(['a.jpg', 'z.jpg']);
  });

  it('keeps a folder named uploads a person’s own', async () => {
    const root = newFolder();
    mkdirSync(join(root, 'uploads'));
    writeFileSync(join(root, 'uploads', 'holiday.jpg'), 'x');
    const store = laptopOriginals(
      await openFolderStore(root, { readOnly: true }),
      await openFolderStore(newFolder()),
    );
    expect(await keysOf(store)).toEqual(['uploads/holiday.jpg']);
    expect(await store.head('uploads/holiday.jpg')).not.toBeNull();
  });
});
