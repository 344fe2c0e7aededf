import { beforeEach, describe, expect, it } from 'vitest';
import { SemblanceError } from '../../shared/errors.ts';
import type { ObjectStore } from '../../shared/objects/object-store.ts';
import { KEYS_OF_NO_FILE, LOOKALIKE_KEYS } from './names.ts';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const text = { contentType: 'text/plain' };

const code = async (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'none',
    error => (error instanceof SemblanceError ? error.code : String(error)),
  );

/** What every ObjectStore does. */
export function describeObjectStore(
  name: string,
  open: () => Promise<ObjectStore>,
  /** false where the test server differs from the real one in this. */
  options: { conditions: boolean; byteOrder: boolean; anyKey: boolean } = {
    conditions: true,
    byteOrder: true,
    anyKey: false,
  },
): void {
  describe(`the object store contract: ${name}`, () => {
    let store: ObjectStore;
    beforeEach(async () => {
      store = await open();
    });

    const keysUnder = async (prefix: string): Promise<string[]> => {
      const keys: string[] = [];
      for await (const object of store.list(prefix)) keys.push(object.key);
      return keys;
    };
    const textOf = async (key: string): Promise<string | null> => {
      const found = await store.get(key, 1000);
      return found && new TextDecoder().decode(found.bytes);
    };
    const readStream = async (key: string, range?: { start: number; end: number }) => {
      const found = await store.stream(key, range);
      return found && new Response(found.body).text();
    };

    it('gives back what was put, under names of any letters', async () => {
      for (const key of [
        'a.jpg',
        'sp ace/+plus &%41?#.jpg',
        '照片/新年 猫.png',
        '🐈/é.webp',
        "q'uote(1)!*.gif",
      ]) {
        const put = await store.put(key, bytes(`in ${key}`), text);
        expect(await textOf(key)).toBe(`in ${key}`);
        // The time of writing is the store's; some don't return it at once.
        expect(await store.head(key)).toEqual({ ...put, modified: expect.any(Date) });
        expect(put).toMatchObject({ key, bytes: bytes(`in ${key}`).length });
        expect(Math.abs(put.modified.getTime() - Date.now())).toBeLessThan(60_000);
        expect(await keysUnder(key)).toEqual([key]);
      }
    });

    it('returns null for what is not there', async () => {
      await store.put('folder/a.jpg', bytes('a'), text);
      for (const key of ['b.jpg', 'folder', 'folder/a.jpg/b', 'folder/b.jpg']) {
        expect(await store.head(key)).toBeNull();
        expect(await store.get(key, 10)).toBeNull();
        expect(await store.stream(key)).toBeNull();
      }
    });

    it('takes an empty object', async () => {
      await store.put('empty.jpg', bytes(''), text);
      expect(await textOf('empty.jpg')).toBe('');
      expect(await readStream('empty.jpg')).toBe('');
    });

    it('changes the ETag with the bytes', async () => {
      const first = await store.put('a.jpg', bytes('one'), text);
      const second = await store.put('a.jpg', bytes('two'), text);
      expect(second.etag).not.toBe(first.etag);
      expect(await textOf('a.jpg')).toBe('two');
    });

    it('rejects an object that is larger than the limit, before reading it', async () => {
      await store.put('a.jpg', bytes('12345'), text);
      expect(await code(store.get('a.jpg', 4))).toBe('image_too_many_bytes');
      expect((await store.get('a.jpg', 5))?.bytes).toHaveLength(5);
    });

    it('streams the whole and ranges of it', async () => {
      await store.put('a.txt', bytes('0123456789'), text);
      expect(await readStream('a.txt')).toBe('0123456789');
      expect(await readStream('a.txt', { start: 2, end: 4 })).toBe('234');
      expect(await readStream('a.txt', { start: 9, end: 9 })).toBe('9');
      expect((await store.stream('a.txt', { start: 2, end: 4 }))?.info.bytes).toBe(10);
    });

    it.skipIf(!options.conditions)('writes under a condition only where it holds', async () => {
      const first = await store.put('a.json', bytes('1'), { ...text, ifMatch: null });
      expect(await code(store.put('a.json', bytes('2'), { ...text, ifMatch: null }))).toBe(
        'precondition_failed',
      );
      const second = await store.put('a.json', bytes('2'), { ...text, ifMatch: first.etag });
      expect(await code(store.put('a.json', bytes('3'), { ...text, ifMatch: first.etag }))).toBe(
        'precondition_failed',
      );
      await store.delete('a.json');
      expect(await code(store.put('a.json', bytes('3'), { ...text, ifMatch: second.etag }))).toBe(
        'precondition_failed',
      );
      expect(await textOf('a.json')).toBeNull();
    });

    it.skipIf(!options.conditions)('lets one of many conditional writers win', async () => {
      const outcomes = await Promise.all(
        Array.from({ length: 8 }, (_, i) =>
          code(store.put('a.json', bytes(`${i}`), { ...text, ifMatch: null })),
        ),
      );
      expect(outcomes.filter(outcome => outcome === 'none')).toHaveLength(1);
      expect(outcomes.filter(outcome => outcome === 'precondition_failed')).toHaveLength(7);
    });

    it('deletes, also what is not there', async () => {
      await store.put('folder/a.jpg', bytes('a'), text);
      await store.delete('folder/a.jpg');
      await store.delete('folder/a.jpg');
      await store.delete('other/a.jpg');
      expect(await store.head('folder/a.jpg')).toBeNull();
      expect(await keysUnder('')).toEqual([]);
    });

    it('moves, over what is there, and says when there is nothing to move', async () => {
      await store.put('uploads/a b.jpg', bytes('new'), text);
      await store.put('_deleted/a b.jpg', bytes('old'), text);
      expect(await store.move('uploads/a b.jpg', '_deleted/a b.jpg')).toBe(true);
      expect(await store.move('uploads/a b.jpg', '_deleted/a b.jpg')).toBe(false);
      expect(await textOf('_deleted/a b.jpg')).toBe('new');
      expect(await textOf('uploads/a b.jpg')).toBeNull();
    });

    it('lists what is under a prefix, ascending by UTF-8 bytes', async () => {
      const keys = [
        'a!.jpg',
        'a.jpg',
        'a/1.jpg',
        'a/b/2.jpg',
        'a0.jpg',
        'ab/1.jpg',
        '｡.jpg',
        '😀.jpg',
        'Z.jpg',
      ];
      for (const key of keys) await store.put(key, bytes(key), text);
      const ascending = [...keys].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
      const listed = await keysUnder('');
      expect(options.byteOrder ? listed : listed.sort()).toEqual(
        options.byteOrder ? ascending : [...keys].sort(),
      );
      expect(await keysUnder('a/')).toEqual(['a/1.jpg', 'a/b/2.jpg']);
      expect(await keysUnder('a/b')).toEqual(['a/b/2.jpg']);
      expect((await keysUnder('a')).sort()).toEqual(keys.filter(key => key.startsWith('a')).sort());
      expect(await keysUnder('nothing/')).toEqual([]);
      for await (const object of store.list('a.jpg'))
        expect(await store.head(object.key)).toEqual({ ...object, modified: expect.any(Date) });
    });

    it('keeps names apart that are alike in some Unicode normal form', async () => {
      for (const key of LOOKALIKE_KEYS) await store.put(key, bytes(`in ${key}`), text);
      for (const key of LOOKALIKE_KEYS) expect(await textOf(key)).toBe(`in ${key}`);
      expect((await keysUnder('')).sort()).toEqual([...LOOKALIKE_KEYS].sort());
      expect(await keysUnder('cafe\u0301/')).toEqual(['cafe\u0301/u\u0308ber.jpg']);
      await store.delete('\u212b.jpg');
      expect(await textOf('\u00c5.jpg')).toBe('in \u00c5.jpg');
      expect(await store.head('\u212b.jpg')).toBeNull();
    });

    it.skipIf(!options.anyKey)('takes keys that no file can have, each as a name of its own', async () => {
      const keys = [...KEYS_OF_NO_FILE, '..jpg', 'b.jpg', 'bell\u0007.jpg'];
      for (const key of keys) await store.put(key, bytes(`in ${key}`), text);
      for (const key of keys) expect(await textOf(key)).toBe(`in ${key}`);
      expect((await keysUnder('')).sort()).toEqual([...keys].sort());
      expect(await store.move('a/../b.jpg', '_deleted/a/../b.jpg')).toBe(true);
      expect(await textOf('b.jpg')).toBe('in b.jpg');
      await store.delete('/leading.jpg');
      expect((await keysUnder('')).sort()).toEqual(
        [...keys.filter(key => key !== 'a/../b.jpg' && key !== '/leading.jpg'), '_deleted/a/../b.jpg'].sort(),
      );
    });

    it.skipIf(options.anyKey)(
      'has nothing under a key that no file can have, and does not write it',
      async () => {
        await store.put('b.jpg', bytes('b'), text);
        for (const key of [...KEYS_OF_NO_FILE, '', 'a/', 'a\0b.jpg']) {
          expect(await store.head(key)).toBeNull();
          expect(await store.get(key, 10)).toBeNull();
          expect(await store.stream(key)).toBeNull();
          expect(await code(store.put(key, bytes('x'), text))).toBe('invalid_request');
          expect(await code(store.delete(key))).toBe('invalid_request');
          expect(await code(store.move('b.jpg', key))).toBe('invalid_request');
        }
        expect(await textOf('b.jpg')).toBe('b');
      },
    );
  });
}
