import { api } from '../api/api.ts';
import { isNotFound } from '../api/api-error.ts';
import { filesOf } from '../api/find-images.ts';
import { findImage } from '../search/search-image.ts';
import { type Reference, referenceId } from '../state/reference.ts';
import { hasQuery, type SearchState } from '../state/search-state.ts';
import { t } from '../ui/messages.ts';

/** Nothing can be searched for: the images of all references are gone, and the search has nothing else. */
export class MissingReferencesError extends Error {
  override readonly name = 'MissingReferencesError';
  readonly references: readonly Reference[];

  constructor(references: readonly Reference[]) {
    super(`${t.lostImageTitle}. ${adviceFor(references)}`);
    this.references = references;
  }
}

/** What a person can do about references whose image is gone. */
export const adviceFor = (references: readonly Reference[]): string =>
  references.some(({ kind }) => kind === 'file') ? t.lostImageText : t.deletedImageText;

/** The search as it is without these references. */
export function withoutReferences(search: SearchState, missing: readonly Reference[]): SearchState {
  if (missing.length === 0) return search;
  const ids = new Set(missing.map(referenceId));
  return { ...search, references: search.references.filter(reference => !ids.has(referenceId(reference))) };
}

/** Sends a search; the files are those of its references, in the order of `filesOf`. */
type Send<T> = (search: SearchState, files: readonly Blob[]) => Promise<T>;

/**
 * Runs searches that leave out the references whose image is gone. The API rejects a search by an image that it does
 * not have, since a program should know; a person rather sees what the rest of the search finds. Which images are gone
 * is looked up only after such a rejection, and remembered for the next parts of the same listing.
 */
export function createTolerantSearch(search: SearchState) {
  let files: ReadonlyMap<Reference, Blob> | null = null;
  let missing: readonly Reference[] = [];

  async function attempt<T>(send: Send<T>) {
    const rest = withoutReferences(search, missing);
    if (missing.length > 0 && !hasQuery(rest)) throw new MissingReferencesError(missing);
    const found = await send(
      rest,
      filesOf(rest.references).flatMap(reference => files?.get(reference) ?? []),
    );
    return { found, missing };
  }

  /**
   * @param isFirst of a listing; what was missing before may be there again
   * @throws MissingReferencesError, and what `send` throws
   */
  return async <T>(isFirst: boolean, send: Send<T>, signal: AbortSignal) => {
    if (isFirst || !files) {
      const kept = await findFiles(search.references);
      files = kept;
      missing = filesOf(search.references).filter(reference => !kept.has(reference));
    }
    try {
      return await attempt(send);
    } catch (error) {
      if (!isNotFound(error)) throw error;
      const deleted = await deletedImages(withoutReferences(search, missing).references, signal);
      if (deleted.length === 0) throw error;
      missing = [...missing, ...deleted];
      return attempt(send);
    }
  };
}

/** The files that this tab has; another tab had the others, or this one had to forget them. */
async function findFiles(references: readonly Reference[]): Promise<Map<Reference, Blob>> {
  const files = new Map<Reference, Blob>();
  for (const reference of filesOf(references)) {
    const file = await findImage(reference.key);
    if (file) files.set(reference, file);
  }
  return files;
}

/** The references to images that the library does not have. */
async function deletedImages(references: readonly Reference[], signal: AbortSignal): Promise<Reference[]> {
  const images = references.filter(({ kind }) => kind === 'image');
  const deleted = await Promise.all(
    images.map(async ({ key }) => {
      try {
        await api.image(key, signal);
        return false;
      } catch (error) {
        if (isNotFound(error)) return true;
        throw error;
      }
    }),
  );
  return images.filter((_, i) => deleted[i]);
}
