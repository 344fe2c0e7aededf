import type { z } from 'zod';
import { failureKey, recordKey } from '../catalog/derived-keys.ts';
import { type FailureRecord, failureSchema, type ImageRecord, recordSchema } from '../catalog/record.ts';
import { parseJson } from '../json.ts';
import type { Log } from '../log.ts';
import type { ObjectInfo, ObjectStore } from '../objects/object-store.ts';

/** Where the small JSON documents lie. */
export type DocumentDeps = { readonly derived: ObjectStore; readonly log: Log };

/** A document and the ETag that a conditional write needs. `value` is null where it can't be understood. */
export type Stored<T> = { readonly value: T | null; readonly etag: string };

/** bytes; comments are the longest part, and no request brings more. */
const LARGEST_DOCUMENT = 16_000_000;
const JSON_TYPE = { contentType: 'application/json' };

export const readRecord = (deps: DocumentDeps, id: string): Promise<Stored<ImageRecord> | null> =>
  readDocument(deps, recordKey(id), recordSchema);

export const readFailure = (deps: DocumentDeps, id: string): Promise<Stored<FailureRecord> | null> =>
  readDocument(deps, failureKey(id), failureSchema);

/**
 * @param ifMatch ETag of the record that was read; null where there was none
 * @throws precondition_failed when it is another now
 */
export async function writeRecord(
  deps: DocumentDeps,
  record: ImageRecord,
  ifMatch: string | null,
): Promise<Stored<ImageRecord>> {
  const info = await writeDocument(deps, recordKey(record.id), record, ifMatch);
  return { value: record, etag: info.etag };
}

export const writeFailure = (deps: DocumentDeps, failure: FailureRecord): Promise<ObjectInfo> =>
  writeDocument(deps, failureKey(failure.id), failure);

/** Reads every failure record. */
export async function* listFailures(deps: DocumentDeps): AsyncGenerator<FailureRecord> {
  for await (const object of deps.derived.list('failures/')) {
    const stored = await readDocument(deps, object.key, failureSchema);
    if (stored?.value) yield stored.value;
  }
}

/** The id in `<folder>/<id>.<extension>`. */
export const idOfDerived = (key: string): string => key.replace(/^.*\//, '').replace(/\.[^.]*$/, '');

async function readDocument<T>(
  { derived, log }: DocumentDeps,
  key: string,
  schema: z.ZodType<T>,
): Promise<Stored<T> | null> {
  const found = await derived.get(key, LARGEST_DOCUMENT);
  if (!found) return null;
  const parsed = schema.safeParse(parseJson(new TextDecoder().decode(found.bytes)));
  if (!parsed.success) log.warn(`${key} is damaged and passed over`, { issues: parsed.error.issues.length });
  return { value: parsed.success ? parsed.data : null, etag: found.info.etag };
}

const writeDocument = ({ derived }: DocumentDeps, key: string, value: object, ifMatch?: string | null) =>
  derived.put(key, new TextEncoder().encode(JSON.stringify(value)), {
    ...JSON_TYPE,
    ...(ifMatch === undefined ? {} : { ifMatch }),
  });
