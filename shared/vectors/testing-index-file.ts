import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach } from 'vitest';
import { openEmbeddedIndex } from './embedded-index.ts';
import { CRASH_SCHEMA, crashId } from './testing-writer.ts';
import type { Point, VectorIndex } from './vector-index.ts';

/** An index file of its own for each test. */
export function ownIndexFile() {
  let folder: string;
  let files = 0;
  const place = {
    file: '',
    /** @param tombstones as in EmbeddedIndexOptions */
    open: (tombstones?: number) =>
      openEmbeddedIndex({
        file: place.file,
        schema: CRASH_SCHEMA,
        ...(tombstones !== undefined && { tombstones }),
      }),
  };
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'semblance-embedded-'));
  });
  afterAll(() => rm(folder, { recursive: true }));
  beforeEach(() => {
    place.file = join(folder, `${files++}`, 'index.sqlite');
  });
  return place;
}

export const point = (n: number): Point => ({
  id: crashId(n),
  vectors: { vision: new Float32Array(64).with(n % 64, 1) },
  payload: { step: n },
});

export const range = (from: number, to: number): number[] =>
  Array.from({ length: to - from }, (_, i) => from + i);

/** Payloads of all points, by id. */
export async function contents(index: VectorIndex) {
  const { points } = await index.scroll({ limit: 10_000 });
  return Object.fromEntries(points.map(({ id, payload }) => [id, payload]));
}
