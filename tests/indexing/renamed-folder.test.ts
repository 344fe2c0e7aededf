import { readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, expect, it } from 'vitest';
import { createKeyWork } from '../../shared/indexing/key-work.ts';
import { watchFolder } from '../../shared/indexing/watch.ts';
import { startWorkers } from '../../shared/indexing/workers.ts';
import { silent } from './domain.ts';
import { type Harness, openHarness } from './harness.ts';

const IMAGES = 80;
let h: Harness;
/** Images that could be found, each time that something was written to the index. */
let counts: number[];

beforeEach(async () => {
  h = await openHarness();
  for (let i = 0; i < IMAGES; i++) h.write(`old/${i}.png`, `image ${i}`);
  await h.sweep();
  await h.drain();
  await h.library.update(h.idOf('old/7.png'), { starred: true });
  h.reader.described.length = 0;
  counts = [];
  for (const name of ['upsert', 'delete'] as const) {
    const write = h.index[name];
    Object.assign(h.index, {
      [name]: async (given: never) => {
        await write(given);
        counts.push(await h.index.count());
      },
    });
  }
  return () => h.close();
});

const work = () =>
  startWorkers({ ...h, keyWork: createKeyWork(h), concurrency: 4, log: silent, pollEvery: 5 });

async function expectMoved(): Promise<void> {
  expect(h.reader.described).toEqual([]);
  expect(Math.min(...counts)).toBeGreaterThanOrEqual(IMAGES);
  expect(await h.index.count()).toBe(IMAGES);
  expect(await h.sweep({ dryRun: true })).toMatchObject({ objects: IMAGES, queued: 0 });
  expect(await h.payload(h.idOf('new/7.png'))).toMatchObject({ key: 'new/7.png', starred: true });
}

it('a folder that is renamed while it is watched is not computed again, and no image is missing meanwhile', async () => {
  const moved = Promise.withResolvers<void>();
  const watcher = await watchFolder({
    folder: h.folder,
    send: async (keys, what) => {
      await h.queue.send(keys, { turn: what === 'removed' ? 'removal' : 'event' });
      if (what === 'removed') moved.resolve();
    },
    log: silent,
  });
  const workers = work();
  renameSync(join(h.folder, 'old'), join(h.folder, 'new'));
  await moved.promise;
  await workers.idle();
  await workers.stop();
  await watcher.close();
  await expectMoved();
});

it('nor is one that was renamed while it was not watched, and found by a sweep', async () => {
  renameSync(join(h.folder, 'old'), join(h.folder, 'new'));
  for (let i = 0; i < 5; i++) h.write(`new/another ${i}.png`, `another one ${i}`);
  await h.sweep({ allowDrop: true });
  const workers = work();
  await workers.idle();
  await workers.stop();
  expect(h.reader.described.toSorted()).toEqual([0, 1, 2, 3, 4].map(i => `another one ${i}`));
  h.reader.described.length = 0;
  for (const name of readdirSync(join(h.folder, 'new')))
    if (name.startsWith('another')) rmSync(join(h.folder, 'new', name));
  await h.sweep();
  await h.drain();
  await expectMoved();
});
