import { renameSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { sha1Hex } from '../../shared/catalog/ids.ts';
import { previewKey, readRecord } from './derived.ts';
import { bytesOf, unitVector } from './domain.ts';
import { type Harness, openHarness } from './harness.ts';

let h: Harness;
beforeEach(async () => {
  h = await openHarness();
  return () => h.close();
});

describe('a renamed file', () => {
  beforeEach(async () => {
    h.write('old.png', 'the same');
    await h.reconcile('old.png');
    await h.library.update(h.idOf('old.png'), { starred: true, categories: ['cats'], comments: 'mine' });
  });
  const annotations = { starred: true, categories: ['cats'], comments: 'mine' };

  const expectMoved = async () => {
    expect(await h.payload(h.idOf('new.png'))).toMatchObject({ ...annotations, key: 'new.png' });
    expect(await h.payload(h.idOf('old.png'))).toBeNull();
    expect(await readRecord(h, h.idOf('old.png'))).toBeNull();
    expect((await readRecord(h, h.idOf('new.png')))?.value).toMatchObject({ ...annotations, key: 'new.png' });
    expect(await h.derivedKeys('vanished/')).toEqual([]);
  };

  it('keeps its annotations when its new name is seen first', async () => {
    renameSync(join(h.folder, 'old.png'), join(h.folder, 'new.png'));
    await h.reconcile('new.png');
    await h.reconcile('old.png');
    await expectMoved();
  });

  it('keeps its annotations when its old name is seen first', async () => {
    renameSync(join(h.folder, 'old.png'), join(h.folder, 'new.png'));
    await h.reconcile('old.png');
    await h.reconcile('new.png');
    await expectMoved();
  });

  it('keeps its annotations when it was copied and then deleted', async () => {
    h.write('new.png', 'the same');
    await h.reconcile('new.png');
    expect(await h.payload(h.idOf('new.png'))).toMatchObject({ starred: false });
    h.remove('old.png');
    await h.reconcile('old.png');
    await expectMoved();
  });

  it('keeps its annotations when both names are seen at once', async () => {
    renameSync(join(h.folder, 'old.png'), join(h.folder, 'new.png'));
    await Promise.all(['new.png', 'old.png'].map(key => h.reconcile(key).catch(() => h.reconcile(key))));
    await h.sweep({ allowDrop: true });
    await h.drain();
    await expectMoved();
  });

  it('keeps its annotations although the index was lost meanwhile', async () => {
    renameSync(join(h.folder, 'old.png'), join(h.folder, 'new.png'));
    await h.index.delete([h.idOf('old.png')]);
    await h.sweep();
    await h.drain();
    await expectMoved();
  });

  it('keeps the annotations of a file that went away and came back', async () => {
    renameSync(join(h.folder, 'old.png'), join(h.folder, '.away'));
    await h.reconcile('old.png');
    renameSync(join(h.folder, '.away'), join(h.folder, 'old.png'));
    await h.reconcile('old.png');
    expect(await h.payload(h.idOf('old.png'))).toMatchObject(annotations);
  });

  it('is not computed again, in whatever order it is seen', async () => {
    h.reader.described.length = 0;
    renameSync(join(h.folder, 'old.png'), join(h.folder, 'new.png'));
    await h.reconcile('new.png');
    await h.reconcile('old.png');
    expect(h.reader.described).toEqual([]);
    const id = h.idOf('new.png');
    const [point] = await h.index.retrieve([id], { vectors: ['vision'] });
    expect(point?.vectors).toEqual({ vision: unitVector(sha1Hex(bytesOf('the same'))) });
    const preview = await h.derived.get(previewKey(id), 1000);
    expect(new TextDecoder().decode(preview?.bytes)).toBe(`preview of ${sha1Hex(bytesOf('the same'))}`);
  });

  it('keeps the words that were read in it', async () => {
    h.write('words.png', 'words:新年 sale');
    await h.reconcile('words.png');
    renameSync(join(h.folder, 'words.png'), join(h.folder, 'moved.png'));
    await h.reconcile('moved.png');
    await h.reconcile('words.png');
    expect(await h.payload(h.idOf('moved.png'))).toMatchObject({
      ocr_text: '新年 sale',
      ocr_phrase: '新 年 sale',
    });
    expect(h.reader.described).toEqual(['the same', 'words:新年 sale']);
  });

  it('does not take from a copy that is still there', async () => {
    h.write('copy.png', 'the same');
    await h.reconcile('copy.png');
    expect(await h.payload(h.idOf('copy.png'))).toMatchObject({ starred: false });
    expect(await h.payload(h.idOf('old.png'))).toMatchObject(annotations);
  });

  it('keeps the annotations of a file that was edited and then renamed', async () => {
    h.write('old.png', 'edited');
    await h.reconcile('old.png');
    renameSync(join(h.folder, 'old.png'), join(h.folder, 'new.png'));
    await h.reconcile('old.png');
    await h.reconcile('new.png');
    await expectMoved();
  });
});
