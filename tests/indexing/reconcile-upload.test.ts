import { beforeEach, describe, expect, it } from 'vitest';
import { sha1Hex, uploadId } from '../../shared/catalog/ids.ts';
import { readFailure, recordKey, thumbnailKey } from './derived.ts';
import { bytesOf, uploadOfText } from './domain.ts';
import { type Harness, openHarness } from './harness.ts';

let h: Harness;
beforeEach(async () => {
  h = await openHarness();
  return () => h.close();
});

const upload = (text: string, record: Parameters<typeof uploadOfText>[1] = {}) =>
  h.library.upload(uploadOfText(text, { thumbnail: 'if_necessary', ...record }));

describe('an upload', () => {
  it('is found by its id once its key was settled, and until then is queued', async () => {
    const { id } = await upload('one');
    expect(id).toBe(uploadId(sha1Hex(bytesOf('one'))));
    expect(await h.library.state(id)).toBe('queued');
    expect(await h.library.counts()).toMatchObject({ images: 0, queued: 1 });
    await h.drain();
    expect(await h.library.state(id)).toBe('indexed');
    expect(await h.library.counts()).toMatchObject({ images: 1, queued: 0 });
    expect(await h.payload(id)).toMatchObject({
      key: `uploads/${id}.png`,
      name: null,
      local: true,
      url: null,
    });
  });

  it('has a thumbnail as requested: over 512,000 bytes if necessary', async () => {
    const big = 'x'.repeat(512_001);
    for (const [text, thumbnail, made] of [
      ['small 1', 'if_necessary', false],
      ['small 2', 'always', true],
      [`1${big}`, 'if_necessary', true],
      [`2${big}`, 'never', false],
      ['x'.repeat(512_000), 'if_necessary', false],
    ] as const) {
      const { id } = await upload(text, { thumbnail });
      await h.drain();
      expect(await h.payload(id)).toMatchObject({ has_thumbnail: made, has_preview: true });
      expect((await h.derived.head(thumbnailKey(id))) !== null).toBe(made);
    }
  });

  it('that is kept elsewhere keeps its bytes under remote/ and returns its own urls', async () => {
    const links = {
      local: false,
      url: 'https://example.org/a.png',
      thumbnail_url: 'https://example.org/t.png',
    };
    const { id: linked } = await upload('one', { ...links, thumbnail: 'never' });
    const { id: made } = await upload('two', { ...links, thumbnail: 'always' });
    await h.drain();
    expect(await h.payload(linked)).toMatchObject({
      ...links,
      key: `remote/${linked}.png`,
      has_thumbnail: false,
    });
    expect(await h.payload(made)).toMatchObject({ local: false, has_thumbnail: true, thumbnail_url: null });
  });

  it('is not read for words with skip_ocr', async () => {
    const { id } = await upload('words:secret', { skip_ocr: true });
    await h.drain();
    expect(await h.payload(id)).toMatchObject({ ocr_text: null, ocr_phrase: null });
  });

  it('whose bytes never come is forgotten after 24 hours', async () => {
    let time = Date.now();
    const late = await openHarness(undefined, { now: () => new Date(time) });
    const { body: _body, ...announced } = uploadOfText('one');
    const { id, key } = await late.library.expectUpload(announced);
    time += 23 * 3_600_000;
    await late.reconcile(key);
    expect(await late.library.state(id)).toBe('queued');
    time += 2 * 3_600_000;
    await late.sweep();
    await late.drain();
    expect(await late.library.state(id)).toBe('unknown');
    await late.close();
  });

  it('is not disturbed by late news of the key it had before', async () => {
    const { id } = await upload('one', { local: false, url: 'https://example.org/a.png' });
    await h.drain();
    await h.library.remove(id);
    await upload('one');
    await h.drain();
    expect(await h.reconcile(`remote/${id}.png`)).toMatchObject({ type: 'ignored' });
    expect(await h.payload(id)).toMatchObject({ key: `uploads/${id}.png`, local: true });
  });

  it('is indexed also where its record was lost', async () => {
    const { id } = await upload('one');
    await h.derived.delete(recordKey(id));
    await h.drain();
    expect(await h.payload(id)).toMatchObject({ local: true, starred: false });
  });

  it('survives a damaged record', async () => {
    const { id } = await upload('one');
    await h.derived.put(recordKey(id), bytesOf('{"ver'), { contentType: 'application/json' });
    await h.drain();
    expect(await h.library.state(id)).toBe('indexed');
    await h.library.update(id, { starred: true });
    expect(await h.payload(id)).toMatchObject({ starred: true });
  });

  it('that failed keeps its reason by its id', async () => {
    const { id } = await upload('BAD');
    await h.drain();
    expect(await h.library.state(id)).toBe('failed');
    expect((await readFailure(h, id))?.value).toMatchObject({ code: 'image_corrupt' });
  });
});
