import { existsSync, mkdtempSync, readdirSync, rmSync, utimesSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { breakLock, lockedBy } from './lock-file.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'semblance-lock-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const lockFile = () => join(folder, readdirSync(folder)[0] ?? 'none');

/** How many of ten that want the same lock were ever inside together. */
async function mostAtOnce(): Promise<number> {
  let inside = 0;
  let most = 0;
  const work = async () => {
    most = Math.max(most, ++inside);
    await new Promise(setImmediate);
    inside--;
  };
  await Promise.all(Array.from({ length: 10 }, () => lockedBy(folder, 'a.json', work)));
  return most;
}

it('one at a time, and nothing is left', async () => {
  expect(await mostAtOnce()).toBe(1);
  expect(readdirSync(folder)).toEqual([]);
});

it('many who break the same stale lock still come one at a time', async () => {
  const stale = await lockedBy(folder, 'a.json', async () => lockFile());
  const { promise: forever } = Promise.withResolvers<void>();
  void lockedBy(folder, 'a.json', () => forever);
  await expect.poll(() => existsSync(stale)).toBe(true);
  utimesSync(stale, new Date(0), new Date(0));

  expect(await mostAtOnce()).toBe(1);
});

it('work that lost its lock for taking too long does not release the next holder’s', async () => {
  const next = Promise.withResolvers<void>();
  let second: Promise<void> = Promise.resolve();
  await lockedBy(folder, 'a.json', async () => {
    utimesSync(lockFile(), new Date(0), new Date(0));
    const entered = Promise.withResolvers<void>();
    second = lockedBy(folder, 'a.json', () => {
      entered.resolve();
      return next.promise;
    });
    await entered.promise;
  });
  expect(readdirSync(folder)).toHaveLength(1);
  next.resolve();
  await second;
  expect(readdirSync(folder)).toEqual([]);
});

it('a stale lock that another broke first, and whose next holder is at work, is not broken once more', async () => {
  const seen = '1-1';
  await lockedBy(folder, 'a.json', async () => {
    const file = lockFile();
    await breakLock(file, seen);
    expect(existsSync(file)).toBe(true);
  });
  expect(readdirSync(folder)).toEqual([]);
});
