import pLimit from 'p-limit';
import type { z } from 'zod';
import { SemblanceError } from '../errors.ts';
import { parseJson } from '../json.ts';
import type { Log } from '../log.ts';
import type { ObjectStore } from '../objects/object-store.ts';

export type DocumentsDeps = { readonly derived: ObjectStore; readonly log: Log };

/** Small JSON documents of one kind, each under its id, in the derived store: every device sees the same. */
export interface Documents<T> {
  /** All documents in the order of their ids. */
  list(): Promise<T[]>;
  /** Null where there is none, or one that can't be understood. */
  read(id: string): Promise<T | null>;
  write(id: string, value: T): Promise<void>;
  /** No error where there is none. */
  remove(id: string): Promise<void>;
  /** @throws invalid_request where there are as many as are kept */
  assertRoom(): Promise<void>;
}

/** bytes of one document, and how many of a kind are kept. */
const LARGEST = 1_000_000;
const MOST = 1_000;
const READS_AT_ONCE = 16;

/** @param folder e.g. `shares/`, no other kind's */
export function openDocuments<T extends object>(
  { derived, log }: DocumentsDeps,
  folder: `${string}/`,
  schema: z.ZodType<T>,
): Documents<T> {
  const keyOf = (id: string): string => `${folder}${id}.json`;

  async function readKey(key: string): Promise<T | null> {
    const found = await derived.get(key, LARGEST);
    if (!found) return null;
    const parsed = schema.safeParse(parseJson(new TextDecoder().decode(found.bytes)));
    if (!parsed.success)
      log.warn(`${key} is damaged and passed over`, { issues: parsed.error.issues.length });
    return parsed.data ?? null;
  }

  async function keys(): Promise<string[]> {
    const found: string[] = [];
    for await (const { key } of derived.list(folder)) found.push(key);
    return found;
  }

  return {
    async list() {
      const limit = pLimit(READS_AT_ONCE);
      const values = await Promise.all((await keys()).map(key => limit(() => readKey(key))));
      return values.filter(value => value !== null);
    },
    read: id => readKey(keyOf(id)),
    async write(id, value) {
      await derived.put(keyOf(id), new TextEncoder().encode(JSON.stringify(value)), {
        contentType: 'application/json',
      });
    },
    remove: id => derived.delete(keyOf(id)),
    async assertRoom() {
      if ((await keys()).length >= MOST)
        throw new SemblanceError('invalid_request', `There are ${MOST} already; delete some first`);
    },
  };
}
