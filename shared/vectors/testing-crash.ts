import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';
import { openEmbeddedIndex } from './embedded-index.ts';
import { CRASH_SCHEMA, writeOf } from './testing-writer.ts';
import type { Payload } from './vector-index.ts';

const WRITER = fileURLToPath(new URL('./testing-writer.ts', import.meta.url));

export const startWriter = (file: string, ...range: number[]): ChildProcess =>
  spawn(process.execPath, [WRITER, file, ...range.map(String)], { stdio: ['ignore', 'pipe', 'inherit'] });

/**
 * Kills a writing process so many times, each time after a random number of its writes, and checks that the
 * file then holds exactly what was acknowledged, give or take the one write under way.
 */
export async function surviveKills(file: string, kills: number, random: () => number): Promise<void> {
  let next = 0;
  for (let kill = 0; kill < kills; kill++) {
    const writer = startWriter(file, next);
    const closed = once(writer, 'close');
    let left = 1 + Math.floor(random() * 25);
    for await (const line of createInterface({ input: writer.stdout! })) {
      next = Number(line) + 1;
      if (--left === 0) writer.kill('SIGKILL');
    }
    await closed;

    const index = await openEmbeddedIndex({ file, schema: CRASH_SCHEMA });
    expect(index.damagedFile).toBeNull();
    const { points } = await index.scroll({ limit: 1000 });
    const vectors = await index.query([
      { using: 'vision', nearest: new Float32Array(64).fill(1), limit: 1000 },
    ]);
    await index.close();
    const found = Object.fromEntries(points.map(({ id, payload }) => [id, payload]));
    expect(vectors[0]?.length).toBe(points.length);
    expect([replayed(next), replayed(next + 1)]).toContainEqual(found);
  }
}

/** What a file holds after the first writes. */
export function replayed(writes: number): Record<string, Payload> {
  const points = new Map<string, Payload>();
  for (let step = 0; step < writes; step++) writeOf(step).replay(points);
  return Object.fromEntries(points);
}
