import { createHash, randomUUID } from 'node:crypto';
import type { BigIntStats } from 'node:fs';
import { open, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { SemblanceError } from '../errors.ts';
import { systemCode, unlessAbsent } from '../file-error.ts';

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
  let own = await take(path);
  while (own === null) {
    const found = await look(path);
    if (found && Date.now() - Number(found.mtimeMs) > STALE_AFTER) await breakLock(path, stampOf(found));
    if (Date.now() > deadline) throw new SemblanceError('store_unavailable', `${key} stays locked`);
    await sleep(2 + Math.random() * 8);
    own = await take(path);
  }
  try {
    return await work();
  } finally {
    // Work that took too long may have lost its lock to another process, which must keep it.
    const found = await look(path);
    if (found && stampOf(found) === own) await rm(path, { force: true });
  }
}

/** Makes the lock file; null where there is one. */
async function take(path: string): Promise<string | null> {
  try {
    const handle = await open(path, 'wx');
    try {
      return stampOf(await handle.stat({ bigint: true }));
    } finally {
      await handle.close();
    }
  } catch (error) {
    if (systemCode(error) === 'EEXIST') return null;
    throw error;
  }
}

const look = (path: string): Promise<BigIntStats | null> => unlessAbsent(stat(path, { bigint: true }));

/** Tells one lock file from the next of the same name. */
const stampOf = ({ ino, mtimeNs }: BigIntStats): string => `${ino}-${mtimeNs}`;

/** Renames before removing, so that of two who break the same lock the later doesn't break the next one. */
export async function breakLock(path: string, stale: string): Promise<void> {
  const aside = `${path}.${randomUUID()}`;
  // Where that fails another process was first, and the caller tries again.
  await rename(path, aside).catch(() => undefined);
  const taken = await look(aside);
  if (taken && stampOf(taken) !== stale) await rename(aside, path);
  else await rm(aside, { force: true });
}
