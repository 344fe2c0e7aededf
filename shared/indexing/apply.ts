import { VISION } from '../catalog/collection.ts';
import { parseOwnKey, trashKey } from '../catalog/ids.ts';
import { SemblanceError } from '../errors.ts';
import type { Action } from './decide.ts';
import { readWordsOf } from './describe-original.ts';
import { handOverRecord } from './hand-over.ts';
import { failureOf, ImageError } from './image-failure.ts';
import { type IndexDeps, type Indexed, indexOriginal, noteWords } from './index-original.ts';
import type { Observation } from './observe.ts';
import { annotationsOf, pointWithWords } from './point.ts';
import { rejectUpload, renameUpload } from './unlike-announced.ts';

/** What an action did: `updated` are annotations or a failure, `read` the words. */
export type Applied =
  | ({ readonly type: 'indexed' } & Partial<Indexed>)
  | { readonly type: 'read' | 'updated' | 'removed' | 'unchanged' }
  | { readonly type: 'failed'; readonly code: string };

/** Actions that do something. */
export type Effect = Exclude<Action, { type: 'ignore' | 'keep' }>;

/**
 * Carries out an action. What it changes is seen by the next observation; it may be cut off between any two
 * steps, and the observation then leads to an action that completes it.
 */
export async function apply(deps: IndexDeps, seen: Observation, action: Effect): Promise<Applied> {
  const { index, store } = deps;
  const { id, key } = seen;
  switch (action.type) {
    case 'index':
      return applyIndex(deps, seen);
    case 'read_words':
      return applyWords(deps, seen);
    case 'annotate': {
      const hasThumbnail = seen.point?.facts?.has_thumbnail ?? false;
      await index.setPayload([id], annotationsOf(key, seen.record, hasThumbnail));
      return { type: 'updated' };
    }
    case 'clear_failure':
      await store.deleteFailure(id);
      return { type: 'updated' };
    case 'unindex':
      await unindex(deps, id);
      return { type: 'failed', code: seen.failure?.code ?? 'internal' };
    case 'remove':
      return applyRemove(deps, seen, action.record);
    case 'discard': {
      const own = parseOwnKey(key);
      if (own) await deps.originals.move(key, trashKey(own.id, own.format));
      return { type: 'removed' };
    }
    case 'rename':
      await renameUpload(deps, seen);
      return { type: 'updated' };
    case 'reject':
      await rejectUpload(deps, seen);
      return { type: 'failed', code: action.reason };
    case 'fail': {
      const reason = seen.obstacle ?? new SemblanceError('internal', `${key} can't be indexed`);
      await store.writeFailure(failureOf(seen, '', reason, deps.now()));
      return { type: 'failed', code: reason.code };
    }
  }
}

async function applyIndex(deps: IndexDeps, seen: Observation): Promise<Applied> {
  try {
    const done = await indexOriginal(deps, seen);
    if (!done) return { type: 'unchanged' };
    return { type: 'indexed', ...done };
  } catch (error) {
    if (!(error instanceof ImageError)) throw error;
    await deps.store.writeFailure(failureOf(seen, error.etag, error.reason, deps.now()));
    await unindex(deps, seen.id);
    return { type: 'failed', code: error.reason.code };
  }
}

/** Reads the words of an image that is indexed without. */
async function applyWords(deps: IndexDeps, seen: Observation): Promise<Applied> {
  const { id, key, record, object } = seen;
  const original = await deps.originals.get(key, deps.maxBytes);
  if (original?.info.etag !== object?.etag) return { type: 'unchanged' };
  const words = await readWordsOf(deps, original?.bytes ?? new Uint8Array());
  const [point] = await deps.index.retrieve([id], { vectors: [VISION] });
  // By now the point may be that of other bytes, which have other words.
  if (!point || point.payload['etag'] !== object?.etag) return { type: 'unchanged' };
  const annotations = annotationsOf(key, record, point.payload['has_thumbnail'] === true);
  await deps.index.upsert([pointWithWords(point, words, annotations)]);
  await noteWords(deps, seen, object?.etag ?? '', words);
  return { type: 'read' };
}

async function applyRemove(
  deps: IndexDeps,
  { id, point, record, failure }: Observation,
  annotations: 'keep' | 'drop' | 'hand_over',
): Promise<Applied> {
  const { store } = deps;
  const sha1 = point?.facts?.sha1 ?? record?.value?.sha1;
  if (annotations === 'hand_over' && sha1 && record?.value)
    await handOverRecord(deps, { id, sha1, record: record.value });
  await unindex(deps, id);
  if (failure) await store.deleteFailure(id);
  if (annotations === 'drop') await store.deleteRecord(id);
  return { type: point ? 'removed' : 'unchanged' };
}

/** The point first: nothing may be found that doesn't load. */
async function unindex({ index, store }: IndexDeps, id: string): Promise<void> {
  await index.delete([id]);
  await store.deleteImages(id);
}
