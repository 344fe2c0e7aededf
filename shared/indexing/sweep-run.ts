import { z } from 'zod';
import { passedOverSchema } from '../catalog/passed-over.ts';
import { parseJson } from '../json.ts';
import type { ObjectInfo, ObjectStore } from '../objects/object-store.ts';
import { requestsSchema } from './count-requests.ts';

/** The first digits of ids, by which a large sweep is divided. Ids are hashes, so the parts are of a size. */
export const DIGITS = [...'0123456789abcdef'];

const countsSchema = z.object({
  objects: z.number(),
  added: z.number(),
  changed: z.number(),
  annotated: z.number(),
  dropped: z.number(),
  redone: z.number(),
  wordless: z.number(),
  reread: z.number(),
  retried: z.number(),
  failed: z.number(),
  leftovers: z.number(),
});

const stateSchema = z.object({
  /** RFC 3339. */
  started: z.string(),
  dryRun: z.boolean(),
  allowDrop: z.boolean(),
  words: z.boolean(),
  retryWords: z.boolean(),
  /** The objects are listed, then compared part by part, then what is gone is dropped. */
  phase: z.enum(['list', 'compare', 'drop']),
  /** The last key that was listed; null before the first. */
  after: z.string().nullable(),
  /** Files of listed objects that each part has. */
  chunks: z.number(),
  /** The next part, in `compare` and `drop`. */
  part: z.number(),
  counts: countsSchema,
  passedOver: passedOverSchema,
  unlisted: z.array(
    z.object({
      key: z.string(),
      reason: z.object({ code: z.string(), message: z.string(), advice: z.string() }),
    }),
  ),
  /** Points of the parts that were compared. */
  indexed: z.number(),
  queued: z.number(),
  requests: requestsSchema,
});
/** How far a sweep is. */
export type SweepState = z.infer<typeof stateSchema>;

const listedSchema = z.array(z.tuple([z.string(), z.string(), z.number(), z.number()]));
const goneSchema = z.object({ keys: z.array(z.string()), strays: z.array(z.string()) });
/** Keys of objects that are gone, and ids that no key leads to. */
export type Gone = { readonly keys: readonly string[]; readonly strays: readonly string[] };

/** bytes; 50,000 names of a kilobyte. */
const LARGEST_FILE = 100_000_000;
const FOLDER = 'sweeps/';

export type SweepRun = ReturnType<typeof openSweepRun>;

/** What a large sweep keeps beside the records while it runs, so that it can go on elsewhere: `sweeps/<id>/`. */
export function openSweepRun(derived: ObjectStore, id: string) {
  const keyOf = (name: string): string => `${FOLDER}${id}/${name}.json`;
  const write = (name: string, value: unknown) =>
    derived.put(keyOf(name), new TextEncoder().encode(JSON.stringify(value)), {
      contentType: 'application/json',
    });
  async function read<T>(name: string, schema: z.ZodType<T>): Promise<T | null> {
    const found = await derived.get(keyOf(name), LARGEST_FILE);
    return found && schema.parse(parseJson(new TextDecoder().decode(found.bytes)));
  }
  return {
    id,
    /** Null where it is over. */
    load: () => read('state', stateSchema),
    save: (state: SweepState) => write('state', state),
    async writeObjects(part: string, chunk: number, objects: readonly ObjectInfo[]): Promise<void> {
      const rows = objects.map(({ key, etag, bytes, modified }) => [key, etag, bytes, modified.getTime()]);
      await write(`objects/${part}-${chunk}`, rows);
    },
    async *readObjects(part: string, chunks: number): AsyncGenerator<ObjectInfo> {
      for (let chunk = 0; chunk < chunks; chunk++)
        for (const [key, etag, bytes, modified] of (await read(`objects/${part}-${chunk}`, listedSchema)) ??
          [])
          yield { key, etag, bytes, modified: new Date(modified) };
    },
    writeGone: (part: string, gone: Gone) => write(`gone/${part}`, gone),
    readGone: async (part: string): Promise<Gone> =>
      (await read(`gone/${part}`, goneSchema)) ?? { keys: [], strays: [] },
    remove: () => removeAll(derived, `${FOLDER}${id}/`),
  };
}

/** ms; a run that was not touched for so long goes on no more. */
const ABANDONED_AFTER = 3 * 86_400_000;

/** Records of sweeps that were never continued. */
export async function removeAbandoned(derived: ObjectStore, now: Date): Promise<void> {
  const oldest = now.getTime() - ABANDONED_AFTER;
  const abandoned: string[] = [];
  for await (const { key, modified } of derived.list(FOLDER))
    if (modified.getTime() < oldest) abandoned.push(key);
  for (const key of abandoned) await derived.delete(key);
}

async function removeAll(derived: ObjectStore, prefix: string): Promise<void> {
  const keys: string[] = [];
  for await (const { key } of derived.list(prefix)) keys.push(key);
  // The state is deleted last: without it the run counts as finished.
  for (const key of keys.sort(
    (a, b) => Number(a.endsWith('/state.json')) - Number(b.endsWith('/state.json')),
  ))
    await derived.delete(key);
}
