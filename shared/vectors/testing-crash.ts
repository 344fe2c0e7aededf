import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { rm } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';
import { openEmbeddedIndex } from './embedded-index.ts';
import { CRASH_SCHEMA, pointOf, writeOf } from './testing-writer.ts';
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

/** Points beside those that are written to, so many that there is an image of the RAM copy. */
const BESIDE = Array.from({ length: 2500 }, (_, n) => pointOf(1000 + n, 0));

/**
 * Kills a process so many times while it opens an index with an image, or one whose image is gone and is made
 * anew, or writes to it: wherever it dies, the file then holds exactly what was acknowledged.
 */
export async function surviveKillsAroundImage(
  file: string,
  kills: number,
  random: () => number,
): Promise<void> {
  const first = await openEmbeddedIndex({ file, schema: CRASH_SCHEMA });
  await first.upsert(BESIDE);
  await first.close();
  let next = 0;
  /** ms until a process has opened the index and written once. */
  let slowest = 0;
  for (let kill = 0; kill <= kills; kill++) {
    if (random() < 0.7) await rm(`${file}.ram`, { force: true });
    const started = performance.now();
    const writer = startWriter(file, next);
    const closed = once(writer, 'close');
    // The first is killed after its first write, so that it is known how long that takes.
    const timer = kill > 0 && setTimeout(() => writer.kill('SIGKILL'), slowest * (0.3 + random()));
    for await (const line of createInterface({ input: writer.stdout! })) {
      next = Number(line) + 1;
      slowest ||= performance.now() - started;
      if (kill === 0) writer.kill('SIGKILL');
    }
    await closed;
    if (timer) clearTimeout(timer);

    for (let opening = 0; opening < 2; opening++) {
      const index = await openEmbeddedIndex({ file, schema: CRASH_SCHEMA });
      expect(index.damagedFile).toBeNull();
      const { points } = await index.scroll({
        limit: 1000,
        filter: { must: [{ key: 'step', range: { gte: 0 } }] },
      });
      const [all = []] = await index.query([
        { using: 'vision', nearest: new Float32Array(64).fill(1), limit: 10_000 },
      ]);
      await index.close();
      const found = Object.fromEntries(
        points.flatMap(({ id, payload }) => (id < BESIDE[0]!.id ? [[id, payload]] : [])),
      );
      expect(all).toHaveLength(Object.keys(found).length + BESIDE.length);
      expect([replayed(next), replayed(next + 1)]).toContainEqual(found);
    }
  }
}
