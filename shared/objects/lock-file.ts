import { createHash, randomUUID } from 'node:crypto';
import { open, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { SemblanceError } from '../errors.ts';
import { systemCode } from '../file-error.ts';

/** ms; the work under a lock takes a few, so what is older was left by a killed process. */
const STALE_AFTER = 5000;
const GIVE_UP_AFTER = 15_000;

/**
 * Runs `work` while no other process or task holds the lock of this key: compare-and-rename is two steps.
 * @param folder where lock files lie
 * @throws store_unavailable when the lock isn't had within 15 s
 */
export async function lockedBy<T>(folder: string, key: string, work: () => Promise<T>): Promise<T> {
  const path = join(folder, `${createHash('sha1').update(key).digest('hex')}.lock`);
  const deadline = Date.now() + GIVE_UP_AFTER;
  for (;;) {
    try {
      await (await open(path, 'wx')).close();
      break;
    } catch (error) {
      if (systemCode(error) !== 'EEXIST') throw error;
    }
    const stats = await stat(path).catch(() => null);
    if (stats && Date.now() - stats.mtimeMs > STALE_AFTER) await breakLock(path);
    if (Date.now() > deadline) throw new SemblanceError('store_unavailable', `${key} stays locked`);
    await sleep(2 + Math.random() * 8);
  }
  try {
    return await work();
  } finally {
    await rm(path, { force: true });
  }
}

/** Renames before removing, so that of two who break the same lock only one has it. */
async function breakLock(path: string): Promise<void> {
  const aside = `${path}.${randomUUID()}`;
  await rename(path, aside).catch(() => undefined);
  await rm(aside, { force: true });
}
