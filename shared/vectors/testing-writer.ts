import { writeSync } from 'node:fs';
import { openEmbeddedIndex } from './embedded-index.ts';
import type { CollectionSchema, Payload, Point, VectorIndex } from './vector-index.ts';

/** A process for tests: writes to an index without pause, and says after each write that it returned. */

export const CRASH_SCHEMA: CollectionSchema = {
  vectors: { vision: 64 },
  sparse: [],
  payload: { step: 'integer', starred: 'bool' },
};

export const crashId = (n: number): string =>
  `${n.toString(16).padStart(8, '0')}-0000-4000-8000-000000000000`;

/** Points of a batch; a write long enough to be killed in. */
const BATCH = 8;

export const pointOf = (n: number, step: number): Point => ({
  id: crashId(n),
  vectors: { vision: new Float32Array(64).fill(0).with(n % 64, 1) },
  payload: { step, text: `${n} `.repeat(200) },
});

/** What a write does, told by its number alone, so that another process can check it. */
export function writeOf(step: number): {
  run(index: VectorIndex): Promise<void>;
  replay(points: Map<string, Payload>): void;
} {
  const ids = Array.from({ length: BATCH }, (_, i) => (step * 3 + i) % 100);
  if (step % 5 === 3)
    return {
      run: index => index.delete(ids.slice(0, 3).map(crashId)),
      replay: points => {
        for (const n of ids.slice(0, 3)) points.delete(crashId(n));
      },
    };
  if (step % 5 === 4)
    return {
      run: index => index.setPayload(ids.map(crashId), { starred: true, step }),
      replay: points => {
        for (const id of ids.map(crashId)) {
          const payload = points.get(id);
          if (payload) points.set(id, { ...payload, starred: true, step });
        }
      },
    };
  const batch = ids.map(n => pointOf(n, step));
  return {
    run: index => index.upsert(batch),
    replay: points => {
      for (const { id, payload } of batch) points.set(id, payload);
    },
  };
}

if (import.meta.main) {
  const [file = '', first = '0', last = 'Infinity'] = process.argv.slice(2);
  const index = await openEmbeddedIndex({ file, schema: CRASH_SCHEMA });
  for (let step = Number(first); step < Number(last); step++) {
    await writeOf(step).run(index);
    writeSync(1, `${step}\n`);
  }
  await index.close();
}
