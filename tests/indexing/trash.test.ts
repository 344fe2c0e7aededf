import { beforeEach, describe, expect, it } from 'vitest';
import { openLibrary } from '../../shared/indexing/open-library.ts';
import { recordKey } from './derived.ts';
import { uploadOfText } from './domain.ts';
import { addFile, addUpload, codeOf, type Harness, openHarness } from './harness.ts';

let h: Harness;
beforeEach(async () => {
  h = await openHarness();
  return () => h.close();
});

describe('the trash', () => {
  it('gives an upload back as it was, with its annotations and its name', async () => {
    const id = await addUpload(h, 'one', { starred: true, categories: ['cats'], name: 'Holiday.png' });
    await h.library.update(id, { comments: 'mine' });
    const before = await h.payload(id);
    await h.library.remove(id);
    expect(await h.library.trash()).toMatchObject([{ id, name: 'Holiday.png', bytes: 3 }]);
    await h.library.restore(id);
    expect(await h.library.state(id)).toBe('queued');
    await h.drain();
    const { key, starred, categories, comments, name } = before ?? {};
    expect(await h.payload(id)).toMatchObject({ key, starred, categories, comments, name });
    expect(await h.library.trash()).toEqual([]);
    expect(await codeOf(h.library.restore(id))).toBe('not_found');
  });

  it('gives back what was deleted before it kept records', async () => {
    const id = await addUpload(h, 'one');
    await h.library.remove(id);
    await h.derived.delete(`_deleted/${id}.json`);
    expect(await h.library.trash()).toMatchObject([{ id, name: null }]);
    await h.library.restore(id);
    await h.drain();
    expect(await h.library.state(id)).toBe('indexed');
  });

  it('does not give back over the same bytes that were stored again', async () => {
    const id = await addUpload(h, 'one');
    await h.library.remove(id);
    await addUpload(h, 'one');
    expect(await codeOf(h.library.restore(id))).toBe('duplicate_image');
    expect(await h.library.state(id)).toBe('indexed');
    await h.library.remove(id);
    await addFile(h, 'mine.png', 'one');
    expect(await codeOf(h.library.restore(id))).toBe('duplicate_image');
  });

  it('is emptied of all, of some, or of what is older than a time', async () => {
    let time = Date.parse('2026-01-01');
    const dated = await openHarness(undefined, { now: () => new Date(time) });
    const ids: string[] = [];
    for (const text of ['one', 'two', 'three', 'four']) {
      const { id } = await dated.library.upload(uploadOfText(text));
      await dated.library.remove(id);
      ids.push(id);
      time += 86_400_000;
    }
    const listed = await dated.library.trash();
    expect(listed.map(({ id }) => id)).toEqual(ids.toReversed());
    expect(listed[0]).toMatchObject({
      deleted: '2026-01-04T00:00:00.000Z',
      emptied: '2026-02-03T00:00:00.000Z',
    });
    expect(await dated.library.emptyTrash({ before: new Date('2026-01-02') })).toBe(1);
    expect(await dated.library.emptyTrash({ ids: [ids[1] ?? '', ids[0] ?? ''] })).toBe(1);
    expect((await dated.library.trash()).map(({ id }) => id)).toEqual([ids[3], ids[2]]);
    expect(await dated.library.emptyTrash()).toBe(2);
    expect(await dated.derivedKeys()).toEqual([]);
    await dated.close();
  });

  it('can be repeated after a deletion that was interrupted anywhere', async () => {
    for (let cut = 0; cut < 6; cut++) {
      const cutOff = await openHarness();
      const { id } = await cutOff.library.upload(uploadOfText('one', { starred: true }));
      await cutOff.drain();
      const dying = await dyingAfter(cutOff, cut);
      await dying.remove(id).catch(() => undefined);
      await cutOff.sweep({ allowDrop: true });
      await cutOff.drain();
      const state = await cutOff.library.state(id);
      const trashed = await cutOff.library.trash();
      expect(['indexed', 'unknown'], `after ${cut} steps`).toContain(state);
      expect(trashed, `after ${cut} steps`).toHaveLength(state === 'unknown' ? 1 : 0);
      if (state === 'unknown') await cutOff.library.restore(id);
      await cutOff.drain();
      expect(await cutOff.payload(id)).toMatchObject({ starred: true });
      await cutOff.close();
    }
  });
});

/** The library of a process that is killed after so many changes. */
async function dyingAfter(of: Harness, changes: number) {
  let left = changes;
  const faulty = <T extends object>(port: T, names: readonly (keyof T)[]): T => {
    const copy = { ...port };
    for (const name of names) {
      const method = port[name];
      if (typeof method !== 'function') continue;
      Object.assign(copy, {
        [name]: async (...given: unknown[]) => {
          if (left-- <= 0) throw new Error('killed');
          return method.apply(port, given);
        },
      });
    }
    return copy;
  };
  return openLibrary({
    ...of,
    originals: faulty(of.originals, ['put', 'move', 'delete']),
    derived: faulty(of.derived, ['put', 'move', 'delete']),
    index: faulty(of.index, ['delete', 'upsert', 'setPayload']),
  });
}

describe('removing', () => {
  it('moves an upload out of sight and forgets it; the same bytes get the same id again', async () => {
    const id = await addUpload(h, 'one', { thumbnail: 'always' });
    await h.library.remove(id);
    expect(await h.library.state(id)).toBe('unknown');
    expect(await h.derivedKeys()).toEqual([`_deleted/${id}.json`]);
    expect(await h.originals.head(`uploads/${id}.png`)).toBeNull();
    expect(await h.originals.head(`_deleted/${id}.png`)).not.toBeNull();
    expect(await codeOf(h.library.remove(id))).toBe('not_found');
    expect(await h.sweep()).toMatchObject({ queued: 0 });
    expect(await addUpload(h, 'one')).toBe(id);
    expect(h.emitted).toContainEqual({ type: 'removed', id, key: `uploads/${id}.png` });
  });

  it('removes an upload that failed', async () => {
    const id = await addUpload(h, 'BAD');
    await h.library.remove(id);
    expect(await h.library.state(id)).toBe('unknown');
    expect(await h.derived.head(recordKey(id))).toBeNull();
  });

  it('rejects an image of the folder, which stays as it is', async () => {
    const id = await addFile(h, 'mine.png', 'one');
    expect(await codeOf(h.library.remove(id))).toBe('not_an_upload');
    expect(await h.library.state(id)).toBe('indexed');
    expect(await h.originals.head('mine.png')).not.toBeNull();
  });
});
