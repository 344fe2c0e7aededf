import { beforeEach, describe, expect, it } from 'vitest';
import { uploadKey } from '../../shared/catalog/ids.ts';
import { uploadOfText } from './domain.ts';
import { type Harness, openHarness } from './harness.ts';

let h: Harness;
beforeEach(async () => {
  h = await openHarness();
  return () => h.close();
});

/** An upload of which a client announced that it is a PNG, as for a presigned URL. */
const announced = async (text: string, fields = {}) => {
  const { id } = await h.library.upload(uploadOfText(text, fields));
  await h.drain();
  return { id, png: uploadKey(id, 'png', true), webp: uploadKey(id, 'webp', true) };
};

describe('an upload of another format than was announced', () => {
  it('gets the key of its own format, and keeps its annotations', async () => {
    const { id, png, webp } = await announced('WEBP cat', { starred: true, comments: 'mine' });
    expect(await h.originals.head(png)).toBeNull();
    expect((await h.originals.get(webp, 100))?.bytes).toHaveLength('WEBP cat'.length);
    expect(await h.payload(id)).toMatchObject({ key: webp, format: 'webp', starred: true, comments: 'mine' });
    expect(await h.library.state(id)).toBe('indexed');
    expect(h.reader.described).toHaveLength(1);
  });

  it('is settled: neither an event for either key nor a sweep changes anything', async () => {
    const { id, png, webp } = await announced('WEBP cat');
    const before = await h.payload(id);
    expect((await h.reconcile(png)).type).toBe('ignored');
    expect((await h.reconcile(webp)).type).toBe('unchanged');
    expect(await h.sweep()).toMatchObject({ queued: 0 });
    expect(await h.payload(id)).toEqual(before);
  });

  it.each(['put', 'setPayload', 'delete'] as const)('ends the same where it is cut off at %s', async step => {
    const target = step === 'setPayload' ? h.index : h.originals;
    const { id } = await h.library.upload(uploadOfText('WEBP cat'));
    const [png, webp] = [uploadKey(id, 'png', true), uploadKey(id, 'webp', true)];
    const real = Reflect.get(target, step);
    Reflect.set(target, step, () => Promise.reject(new Error('cut off')));
    await h.reconcile(png).catch(() => undefined);
    Reflect.set(target, step, real);
    await h.reconcile(webp);
    await h.reconcile(png);
    await h.reconcile(webp);
    expect(await h.payload(id)).toMatchObject({ key: webp, format: 'webp' });
    expect(await h.originals.head(webp)).not.toBeNull();
    expect(await h.library.state(id)).toBe('indexed');
  });
});

describe('an upload that is no image', () => {
  it('goes to the trash, and is listed as a failure with its reason', async () => {
    const { id, png } = await announced('NONE');
    expect(await h.originals.head(png)).toBeNull();
    expect(await h.payload(id)).toBeNull();
    expect(await h.library.trash()).toMatchObject([{ id }]);
    expect((await h.library.failures()).failures).toMatchObject([{ id, code: 'not_an_image' }]);
    await h.sweep();
    await h.drain();
    expect((await h.library.failures()).failures).toMatchObject([{ id, code: 'not_an_image' }]);
  });

  it('may be uploaded again, and is rejected again', async () => {
    const { id } = await announced('NONE');
    const again = await announced('NONE');
    expect(again.id).toBe(id);
    expect(await h.library.trash()).toMatchObject([{ id }]);
  });
});
