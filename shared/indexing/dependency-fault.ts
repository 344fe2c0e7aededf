import { type ErrorCode, SemblanceError } from '../errors.ts';
import type { ObjectStore } from '../objects/object-store.ts';
import type { VectorIndex } from '../vectors/vector-index.ts';

/** The services that indexing depends on, as far as it is checked whether they respond. */
export type Dependencies = {
  readonly originals: Pick<ObjectStore, 'head'>;
  readonly derived: Pick<ObjectStore, 'head'>;
  readonly index: Pick<VectorIndex, 'count'>;
};

/** Faults of a dependency, whatever the image: nothing can be indexed until a person mends them. */
const ALWAYS: readonly ErrorCode[] = [
  'folder_missing',
  'disk_full',
  'data_read_only',
  'index_corrupt',
  'index_denied',
  'model_missing',
  'model_corrupt',
  'model_unreachable',
  'queue_denied',
  'queue_unavailable',
];
/** Either a service is unavailable, or it rejects this image alone: a harmless request to it shows which. */
const EITHER: readonly ErrorCode[] = [
  'index_unavailable',
  'index_rejected',
  'store_unavailable',
  'store_denied',
];

/** Codes of errors that may hold up all images. */
export const DEPENDENCY_CODES: ReadonlySet<ErrorCode> = new Set([...ALWAYS, ...EITHER]);

/** A key that no image has: a HEAD request for it shows whether the store responds. */
const NOBODY = 'semblance-is-the-store-there';

/**
 * The fault of a dependency that an error comes from; null where it is the image's own.
 * @param error why an image could not be indexed
 */
export async function dependencyFault(
  error: unknown,
  { originals, derived, index }: Dependencies,
): Promise<SemblanceError | null> {
  if (!(error instanceof SemblanceError)) return null;
  if (ALWAYS.includes(error.code)) return error;
  if (!EITHER.includes(error.code)) return null;
  try {
    await Promise.all([originals.head(NOBODY), derived.head(NOBODY), index.count()]);
    return null;
  } catch (away) {
    return away instanceof SemblanceError ? away : error;
  }
}
