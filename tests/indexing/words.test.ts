import { beforeEach, describe, expect, it } from 'vitest';
import { OCR_TERMS, VECTOR_OF } from '../../shared/catalog/collection.ts';
import type { OcrLine } from '../../shared/catalog/ocr-line.ts';
import { SemblanceError } from '../../shared/errors.ts';
import { createReconcile } from '../../shared/indexing/reconcile.ts';
import { documentTerms, queryTerms } from '../../shared/ocr/bm25.ts';
import { WORDS_TO_READ } from '../../shared/search/words.ts';
import { uploadOfText } from './domain.ts';
import { type Harness, openHarness } from './harness.ts';

let h: Harness;
let later: string[];
let clock: Date;
const passHours = (hours: number) => {
  clock = new Date(clock.getTime() + hours * 3_600_000);
};
beforeEach(async () => {
  later = [];
  const wordsLater = async (key: string) => {
    later.push(key);
  };
  clock = new Date('2026-05-01T12:00:00Z');
  h = await openHarness(undefined, { wordsLater, now: () => clock });
  return () => h.close();
});
const vectorsOf = async (id: string) =>
  (await h.index.retrieve([id], { vectors: Object.values(VECTOR_OF) }))[0]?.vectors ?? {};

describe('words that are read afterwards', () => {
  it('leave a new image found by what it shows, and are added when its key comes again', async () => {
    h.write('a.png', 'words:hello');
    expect(await h.reconcile('a.png')).toMatchObject({ type: 'indexed', wordsFollow: true });
    expect(later).toEqual(['a.png']);
    expect(await h.payload(h.idOf('a.png'))).toMatchObject({ ocr_text: null });
    const before = await vectorsOf(h.idOf('a.png'));

    expect(await h.reconcile('a.png')).toMatchObject({ type: 'read' });

    expect(await h.payload(h.idOf('a.png'))).toMatchObject({ ocr_text: 'hello', ocr_phrase: 'hello' });
    const after = await vectorsOf(h.idOf('a.png'));
    expect(after[VECTOR_OF.vision]).toEqual(before[VECTOR_OF.vision]);
    expect(after[VECTOR_OF.ocr]).toBeDefined();
    expect(h.reader.described).toHaveLength(1);
    expect(await h.reconcile('a.png')).toMatchObject({ type: 'unchanged' });
    expect(later).toEqual(['a.png']);
  });

  it('are not those of older bytes, where another process indexed newer ones while they were read', async () => {
    h.write('a.png', 'words:old');
    await h.reconcile('a.png');
    const other = createReconcile({ ...h, wordsLater: async () => {} });
    const { readWords } = h.reader;
    h.reader.readWords = async bytes => {
      const words = await readWords(bytes);
      h.reader.readWords = readWords;
      h.write('a.png', 'words:newer');
      await other('a.png');
      return words;
    };
    const stored: [unknown, unknown][] = [];
    const { upsert } = h.index;
    h.index.upsert = async points => {
      for (const { payload } of points) stored.push([payload['etag'], payload['ocr_text']]);
      await upsert(points);
    };

    await h.reconcile('a.png');

    const etag = (await h.originals.head('a.png'))?.etag;
    expect(stored).not.toContainEqual([etag, 'old']);
    expect(await h.payload(h.idOf('a.png'))).toMatchObject({ etag, ocr_text: 'newer' });
  });

  it('are not those of newer bytes, where the file changed before they were read', async () => {
    h.write('a.png', 'words:old');
    await h.reconcile('a.png');
    const before = (await h.originals.head('a.png'))?.etag;
    const { get } = h.originals;
    h.originals.get = async (key, maxBytes) => {
      h.originals.get = get;
      h.write('a.png', 'words:newer');
      return get(key, maxBytes);
    };
    const stored: [unknown, unknown][] = [];
    const { upsert } = h.index;
    h.index.upsert = async points => {
      for (const { payload } of points) stored.push([payload['etag'], payload['ocr_text']]);
      await upsert(points);
    };

    await h.reconcile('a.png');
    await h.reconcile('a.png');

    expect(stored).not.toContainEqual([before, 'newer']);
    expect(await h.payload(h.idOf('a.png'))).toMatchObject({ ocr_text: 'newer' });
  });

  it('are not waited for by an upload, which is complete when it is found', async () => {
    const { id } = await h.library.upload(uploadOfText('words:hello'));
    await h.drain();
    expect(await h.payload(id)).toMatchObject({ ocr_text: 'hello' });
    expect(later).toEqual([]);
  });

  it('keep annotations that were written meanwhile', async () => {
    h.write('a.png', 'words:hello');
    await h.reconcile('a.png');
    await h.library.update(h.idOf('a.png'), { starred: true, categories: ['x'] });
    await h.reconcile('a.png');
    expect(await h.payload(h.idOf('a.png'))).toMatchObject({
      starred: true,
      categories: ['x'],
      ocr_text: 'hello',
    });
  });

  it('are those of the file as it is now', async () => {
    h.write('a.png', 'words:hello');
    await h.reconcile('a.png');
    h.write('a.png', 'words:goodbye');
    expect(await h.reconcile('a.png')).toMatchObject({ type: 'indexed', wordsFollow: true });
    await h.reconcile('a.png');
    expect(await h.payload(h.idOf('a.png'))).toMatchObject({ ocr_text: 'goodbye' });
  });

  it('are found by a sweep where the news of them was lost', async () => {
    h.write('a.png', 'words:hello');
    await h.reconcile('a.png');
    expect(await h.sweep({ words: true })).toMatchObject({ wordless: 1, queued: 1 });
    await h.drain();
    expect(await h.sweep({ words: true })).toMatchObject({ wordless: 0, queued: 0 });
    expect(await h.payload(h.idOf('a.png'))).toMatchObject({ ocr_text: 'hello' });
  });

  it('are none where lines were only seen: those are kept, and have no vector and no terms', async () => {
    const unread: OcrLine = { text: '', score: 0, box: Array(4).fill([1, 2]) };
    h.reader.readWords = async () => ({ text: '', lines: [unread], embedding: null, error: null });
    h.write('a.png', 'words:hello');
    await h.reconcile('a.png');
    expect(await h.reconcile('a.png')).toMatchObject({ type: 'read' });
    expect(await h.payload(h.idOf('a.png'))).toMatchObject({ ocr_text: '', ocr_lines: [unread] });
    const [point] = await h.index.retrieve([h.idOf('a.png')], { vectors: [VECTOR_OF.vision, VECTOR_OF.ocr] });
    expect(Object.keys(point?.vectors ?? {})).toEqual([VECTOR_OF.vision]);
    expect(await h.index.retrieve([h.idOf('a.png')], { payload: ['ocr_phrase'] })).toMatchObject([
      { payload: { ocr_phrase: '' } },
    ]);
    expect(await h.reconcile('a.png')).toMatchObject({ type: 'unchanged' });
  });

  it.each([
    ['image_timeout', 'ocr_timeout'],
    ['image_corrupt', 'ocr_failed'],
  ] as const)(
    'that end the reader with %s leave the image found, and are a failure that is tried again later',
    async (code, noted) => {
      h.write('a.png', 'words:hello');
      await h.reconcile('a.png');
      let tries = 0;
      h.reader.readWords = async () => {
        tries++;
        throw new SemblanceError(code, 'as the test wants');
      };
      expect(await h.reconcile('a.png')).toMatchObject({ type: 'read' });
      expect(await h.reconcile('a.png')).toMatchObject({ type: 'unchanged' });
      expect(tries).toBe(1);
      expect(await h.payload(h.idOf('a.png'))).toMatchObject({ ocr_text: '', ocr_error: noted });
      expect((await h.library.failures()).failures).toMatchObject([{ key: 'a.png', code: noted }]);
    },
  );
});

describe('words that an earlier version read', () => {
  /** As an earlier version left it: its own reading, and no vector of today's encoder. */
  async function outdate(id: string) {
    const [point] = await h.index.retrieve([id], { vectors: [VECTOR_OF.vision] });
    if (!point) throw new Error('no point');
    const { words_version: _, ...payload } = point.payload;
    const sparse = { [OCR_TERMS]: documentTerms('helo') };
    await h.index.upsert([
      { ...point, sparse, payload: { ...payload, ocr_text: 'helo', ocr_phrase: 'helo', ocr_letters: null } },
    ]);
  }
  const byWord = async (word: string) => {
    const [found = []] = await h.index.query([{ using: OCR_TERMS, sparse: queryTerms(word), limit: 9 }]);
    return found.map(({ id }) => id);
  };

  it('are found meanwhile, and read again by a sweep, images without any last', async () => {
    for (const key of ['a.png', 'b.png', 'c.png'])
      h.write(key, key === 'b.png' ? 'no letters' : 'words:hello');
    for (const key of ['a.png', 'b.png', 'c.png', 'a.png', 'b.png', 'c.png']) await h.reconcile(key);
    expect(await h.index.count(WORDS_TO_READ)).toBe(0);
    for (const key of ['a.png', 'c.png']) await outdate(h.idOf(key));
    await h.index.setPayload([h.idOf('b.png')], { words_version: 'older' });
    expect(await h.index.count(WORDS_TO_READ)).toBe(3);
    expect((await byWord('helo')).toSorted()).toEqual([h.idOf('a.png'), h.idOf('c.png')].toSorted());

    expect(await h.sweep({ words: true })).toMatchObject({ reread: 3, wordless: 0, redone: 0, queued: 3 });
    const order: string[] = [];
    for (;;) {
      const [message] = await h.queue.receive(1, 60);
      if (!message) break;
      order.push(message.key);
      expect(await h.reconcile(message.key)).toMatchObject({ type: 'read' });
      await h.queue.done(message.receipt);
    }

    expect(order.at(-1)).toBe('b.png');
    expect(await h.index.count(WORDS_TO_READ)).toBe(0);
    expect(await byWord('helo')).toEqual([]);
    expect((await byWord('hello')).toSorted()).toEqual([h.idOf('a.png'), h.idOf('c.png')].toSorted());
    expect((await vectorsOf(h.idOf('a.png')))[VECTOR_OF.ocr]).toBeDefined();
    expect(await h.sweep({ words: true })).toMatchObject({ reread: 0, queued: 0 });
  });

  it('are not taken over by a copy of the image', async () => {
    h.write('a.png', 'words:hello');
    await h.reconcile('a.png');
    await h.reconcile('a.png');
    await outdate(h.idOf('a.png'));
    h.write('copy.png', 'words:hello');
    expect(await h.reconcile('copy.png')).toMatchObject({ type: 'indexed', wordsFollow: true });
    await h.reconcile('copy.png');
    expect(await h.payload(h.idOf('copy.png'))).toMatchObject({ ocr_text: 'hello' });
  });

  it('stay as they are while none are read', async () => {
    h.write('a.png', 'words:hello');
    await h.reconcile('a.png');
    await h.reconcile('a.png');
    await outdate(h.idOf('a.png'));
    expect(await h.sweep()).toMatchObject({ reread: 0, queued: 0 });
    expect(await h.payload(h.idOf('a.png'))).toMatchObject({ ocr_text: 'helo' });
  });
});

it('an upload whose words take too long is indexed without them', async () => {
  const { describe: describeImage } = h.reader;
  h.reader.describe = async (bytes, { ocr }) => {
    if (ocr) throw new SemblanceError('image_timeout', 'Not read within 20 s.');
    return describeImage(bytes, { ocr });
  };
  const { id } = await h.library.upload(uploadOfText('words:hello'));
  await h.drain();
  expect(await h.payload(id)).toMatchObject({ ocr_text: '', ocr_error: 'ocr_timeout' });
  expect((await h.library.failures()).failures).toMatchObject([{ id, code: 'ocr_timeout' }]);
});

it('words that are not to be read do not count as missing', async () => {
  const { id } = await h.library.upload(uploadOfText('words:hello', { skip_ocr: true }));
  await h.drain();
  expect(await h.payload(id)).toMatchObject({ ocr_text: null, skip_ocr: true });
  expect(await h.sweep({ words: true })).toMatchObject({ wordless: 0 });
});

describe('words that could not be read, or not all of them', () => {
  let tries = 0;
  beforeEach(async () => {
    tries = 0;
    const { readWords } = h.reader;
    h.reader.readWords = async bytes => {
      tries++;
      return { ...(await readWords(bytes)), error: 'ocr_timeout' };
    };
    h.write('a.png', 'words:hello');
    await h.reconcile('a.png');
    await h.reconcile('a.png');
  });
  const sweepAndDrain = async (options = { words: true }) => {
    await h.sweep(options);
    await h.drain();
  };

  it('are found as far as they go, and listed', async () => {
    expect(await h.payload(h.idOf('a.png'))).toMatchObject({ ocr_text: 'hello', ocr_error: 'ocr_timeout' });
    expect((await h.library.failures()).failures).toMatchObject([
      { key: 'a.png', code: 'ocr_timeout', attempts: 1 },
    ]);
    expect(await h.library.state(h.idOf('a.png'))).toBe('indexed');
  });

  it('are tried again by a sweep, later each time, and in the end left to a person', async () => {
    await sweepAndDrain();
    expect(tries).toBe(1);
    for (const [hours, expected] of [
      [1, 2],
      [2, 3],
      [7, 4],
      [25, 5],
      [25, 6],
      [1_000, 6],
    ] as const) {
      passHours(hours);
      await sweepAndDrain();
      expect(tries).toBe(expected);
    }
    expect((await h.library.failures()).failures).toMatchObject([{ attempts: 6, retry_at: null }]);
  });

  it('are no failure any more once they are read', async () => {
    h.reader.readWords = async () => ({ text: 'hello you', lines: [], embedding: null, error: null });
    passHours(1);
    expect(await h.library.queueDue()).toBe(1);
    await h.drain();
    expect(await h.payload(h.idOf('a.png'))).toMatchObject({ ocr_text: 'hello you', ocr_error: null });
    expect((await h.library.failures()).failures).toEqual([]);
  });

  it('are tried at once on a request for missing words', async () => {
    expect(await h.sweep({ retryWords: true })).toMatchObject({ wordless: 1, queued: 1 });
    await h.drain();
    expect(tries).toBe(2);
  });
});

describe('an image that the machine was too busy for', () => {
  it('is a failure that is tried again over days, and then says so', async () => {
    const { describe: describeImage } = h.reader;
    let tries = 0;
    h.reader.describe = async () => {
      tries++;
      throw new SemblanceError('machine_busy', 'Not read within 120 s.');
    };
    h.write('a.png', 'words:hello');
    expect(await h.reconcile('a.png')).toMatchObject({ type: 'failed', code: 'machine_busy' });
    for (const [hours, expected] of [
      [0, 1],
      [1, 2],
      [2, 3],
      [7, 4],
      [25, 5],
      [25, 6],
      [1_000, 6],
    ] as const) {
      passHours(hours);
      await h.library.queueDue();
      await h.drain();
      expect(tries).toBe(expected);
    }
    expect((await h.library.failures()).failures).toMatchObject([{ code: 'machine_busy', retry_at: null }]);
    h.reader.describe = describeImage;
    await h.library.retry();
    await h.drain();
    expect(await h.library.state(h.idOf('a.png'))).toBe('indexed');
  });
});
