import type { BigIntStats } from 'node:fs';
import { copyFile, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { systemCode } from '../file-error.ts';
import type { PutBody } from './object-store.ts';

/**
 * Writes a body to a new file and waits until its bytes are safe from a power loss. The caller renames the file to its
 * final name.
 */
export async function writeTemporary(temporary: string, body: PutBody): Promise<BigIntStats> {
  if (!(body instanceof Uint8Array)) await takeOver(body.file, temporary);
  const handle = await open(temporary, body instanceof Uint8Array ? 'wx' : 'r+');
  try {
    if (body instanceof Uint8Array) await handle.writeFile(body);
    await handle.sync();
    return await handle.stat({ bigint: true });
  } finally {
    await handle.close();
  }
}

/** Moves a file, also from one file system to another. */
async function takeOver(file: string, target: string): Promise<void> {
  try {
    await rename(file, target);
  } catch (error) {
    if (systemCode(error) !== 'EXDEV') throw error;
    await copyFile(file, target);
    await rm(file, { force: true });
  }
}

/** Makes a rename in this folder survive a power loss. Windows can't open folders, and needs no call for it. */
export async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Removes temporary files that a killed process left behind a day ago or earlier. */
export async function dropOldTemporaries(folder: string): Promise<void> {
  const dayAgo = Date.now() - 86_400_000;
  for (const name of await readdir(folder)) {
    const path = join(folder, name);
    const stats = await stat(path).catch(() => null);
    if (stats && stats.mtimeMs < dayAgo) await rm(path, { force: true });
  }
}
