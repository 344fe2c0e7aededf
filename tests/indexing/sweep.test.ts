import { readdirSync } from 'node:fs';
import { beforeEach, describe, expect, it } from 'vitest';
import { previewKey, thumbnailKey } from './derived.ts';
import { codeOf, type Harness, openHarness } from './harness.ts';

let h: Harness;
beforeEach(async () => {
  h = await openHarness();
  return () => h.close();
});
const fill = async (count: number) => {
  for (let i = 0; i < count; i++) h.write(`${i}.png`);
  await h.sweep();
  await h.drain();
};

describe('a sweep', () => {
  it('queues what was added, changed and removed, and nothing of what stayed', async () => {
    await fill(8);
    h.write('new.png');
    h.write('1.png', 'changed');
    h.remove('2.png');
    const report = {
      objects: 8,
      added: 1,
      changed: 1,
      dropped: 1,
      annotated: 0,
      redone: 0,
      failed: 0,
      queued: 3,
    };
    expect(await h.sweep({ dryRun: true })).toMatchObject(report);
    expect(await h.queue.counts()).toMatchObject({ waiting: 0 });
    expect(await h.sweep()).toMatchObject(report);
    expect(await h.drain()).toBe(3);
    expect(await h.sweep()).toMatchObject({ objects: 8, queued: 0 });
  });

  it('stops where more than 30 % would be dropped, and goes on with `allowDrop`', async () => {
    await fill(10);
    for (const key of ['0', '1', '2']) h.remove(`${key}.png`);
    expect(await h.sweep({ dryRun: true })).toMatchObject({ dropped: 3 });
    h.remove('3.png');
    h.write('new.png');
    expect(await codeOf(h.sweep())).toBe('folder_emptied');
    expect(await h.queue.counts()).toMatchObject({ waiting: 0 });
    expect(await h.sweep({ allowDrop: true })).toMatchObject({ dropped: 4, added: 1 });
    await h.drain();
    expect(await h.index.count()).toBe(7);
  });

  it('stops on an emptied folder however small, yet lets one of two images go', async () => {
    await fill(2);
    h.remove('0.png');
    expect(await h.sweep()).toMatchObject({ dropped: 1 });
    await h.drain();
    h.remove('1.png');
    expect(await codeOf(h.sweep())).toBe('folder_emptied');
    expect(await h.index.count()).toBe(1);
  });

  it('passes over what is no image: neither failures nor counted as images, but reported by kind', async () => {
    for (const key of ['a.png', 'a.xmp', 'IMG_1.AAE', 'clip.MOV', 'song.mp3', 'notes.txt', 'bundle.zip'])
      h.write(key);
    // By its content it is no image, and its name promises none; beside it is one whose name does.
    h.write('README', 'NONE');
    h.write('letter.png', 'NONE');
    const passedOver = { sidecars: 2, videos: 1, audio: 1, documents: 1, others: 1 };
    expect(await h.sweep()).toMatchObject({ objects: 3, added: 3, failed: 0, passedOver });
    expect(await h.drain()).toBe(3);
    const later = { objects: 2, added: 0, failed: 1, queued: 0, passedOver: { ...passedOver, others: 2 } };
    expect(await h.sweep()).toMatchObject(later);
    expect((await h.library.failures()).failures).toMatchObject([
      { key: 'letter.png', code: 'not_an_image' },
    ]);
    expect(await h.library.counts()).toMatchObject({ images: 1, passedOver: later.passedOver });
    expect(await h.reconcile('README')).toMatchObject({ type: 'ignored' });
    expect(await h.reconcile('clip.MOV')).toMatchObject({ type: 'ignored' });
  });

  it('leaves failures alone until they change or a retry is requested', async () => {
    h.write('bad.png', 'BAD');
    await h.sweep();
    await h.drain();
    expect(await h.sweep()).toMatchObject({ failed: 1, queued: 0 });
    await h.library.retry();
    expect(await h.drain()).toBe(1);
    h.remove('bad.png');
    expect(await h.sweep()).toMatchObject({ leftovers: 1, queued: 1 });
    await h.drain();
    expect((await h.library.failures()).failures).toEqual([]);
  });

  it('makes lost thumbnails and previews again', async () => {
    await fill(4);
    await h.derived.delete(thumbnailKey(h.idOf('0.png')));
    await h.derived.delete(previewKey(h.idOf('1.png')));
    expect(await h.sweep()).toMatchObject({ redone: 2, queued: 2 });
    await h.drain();
    expect(await h.derived.head(thumbnailKey(h.idOf('0.png')))).not.toBeNull();
    expect(await h.derived.head(previewKey(h.idOf('1.png')))).not.toBeNull();
    expect(await h.sweep()).toMatchObject({ queued: 0 });
  });

  it('finds images whose words were never looked for, when asked to', async () => {
    const blind = await openHarness(h, { ocr: false });
    h.write('words.png', 'words:hello');
    h.write('other.png');
    await blind.sweep();
    await blind.drain();
    await blind.close();
    expect(await h.sweep()).toMatchObject({ wordless: 0, queued: 0 });
    expect(await h.sweep({ words: true })).toMatchObject({ wordless: 2, queued: 2 });
    await h.drain();
    expect(await h.payload(h.idOf('words.png'))).toMatchObject({ ocr_text: 'hello' });
    expect(await h.sweep({ words: true })).toMatchObject({ wordless: 0 });
  });

  it('applies records that were written without an event', async () => {
    await fill(4);
    const setPayload = h.index.setPayload;
    h.index.setPayload = async () => {
      throw new Error('killed between record and point');
    };
    await expect(h.library.update(h.idOf('0.png'), { starred: true })).rejects.toThrow('killed');
    h.index.setPayload = setPayload;
    expect(await h.payload(h.idOf('0.png'))).toMatchObject({ starred: false });
    expect(await h.sweep()).toMatchObject({ annotated: 1, queued: 1 });
    await h.drain();
    expect(await h.payload(h.idOf('0.png'))).toMatchObject({ starred: true });
  });

  it('stops when it is aborted, and is simply started again', async () => {
    for (let i = 0; i < 250; i++) h.write(`${i}.png`);
    const stop = new AbortController();
    const compared: number[] = [];
    const work = h.sweep({
      signal: stop.signal,
      onProgress: count => {
        compared.push(count);
        stop.abort();
      },
    });
    await expect(work).rejects.toThrow();
    expect(compared).toEqual([100]);
    expect(await h.sweep()).toMatchObject({ added: 250, queued: 250 });
    expect(readdirSync(h.folder)).toHaveLength(250);
  });
});
