import { isNotFound, isQueued } from '../api/api-error.ts';
import { filesOf } from '../api/find-images.ts';
import { type Reference, referenceId } from '../state/reference.ts';
import { hasQuery, type SearchState } from '../state/search-state.ts';
import { t } from '../ui/messages.ts';

/** A reference that a search goes on without, since its image is gone or waits to be indexed. */
export type LeftOut = { readonly reference: Reference; readonly reason: 'gone' | 'waiting' };

/** Nothing can be searched for: the images of all references are gone or wait, and the search has nothing else. */
export class NothingLeftError extends Error {
  override readonly name = 'NothingLeftError';
  readonly leftOut: readonly LeftOut[];

  constructor(leftOut: readonly LeftOut[]) {
    const { title, text } = nothingLeftWords(leftOut);
    super(`${title}. ${text}`);
    this.leftOut = leftOut;
  }
}

/** What happened to the images of a search that has nothing else, and what can be done about it. */
export function nothingLeftWords(leftOut: readonly LeftOut[]): {
  readonly title: string;
  readonly text: string;
} {
  if (referencesOf(leftOut, 'waiting').length > 0)
    return { title: t.waitingImageTitle, text: t.waitingImageText };
  const isFile = leftOut.some(({ reference }) => reference.kind === 'file');
  return { title: t.lostImageTitle, text: isFile ? t.lostImageText : t.deletedImageText };
}

export const referencesOf = (leftOut: readonly LeftOut[], reason?: LeftOut['reason']): readonly Reference[] =>
  leftOut.filter(each => reason === undefined || each.reason === reason).map(({ reference }) => reference);

/** The search as it is without these references. */
export function withoutReferences(search: SearchState, references: readonly Reference[]): SearchState {
  if (references.length === 0) return search;
  const ids = new Set(references.map(referenceId));
  return { ...search, references: search.references.filter(reference => !ids.has(referenceId(reference))) };
}

export type TolerantSearch<T> = {
  readonly search: SearchState;
  /** Sends a search; the files are those of its references, in the order of `filesOf`. */
  readonly send: (search: SearchState, files: readonly Blob[]) => Promise<T>;
  /** The file of a reference; null where this tab does not have it: another one had it, or this one had to forget it. */
  readonly fileOf: (key: string) => Promise<Blob | null>;
  readonly imageState: (id: string) => Promise<'indexed' | LeftOut['reason']>;
};

/**
 * Runs a search, and leaves out the references whose image is gone or waits to be indexed. The API rejects a search by
 * an image that is not indexed, since a program should know; a person rather sees what the rest of the search finds.
 * Which images are not indexed is looked up only after such a rejection.
 * @throws NothingLeftError, and what `send` and `imageState` throw
 */
export async function searchTolerantly<T>({ search, send, fileOf, imageState }: TolerantSearch<T>) {
  const files = new Map<Reference, Blob>();
  for (const reference of filesOf(search.references)) {
    const file = await fileOf(reference.key);
    if (file) files.set(reference, file);
  }
  const attempt = async (leftOut: readonly LeftOut[]) => {
    const rest = withoutReferences(search, referencesOf(leftOut));
    if (leftOut.length > 0 && !hasQuery(rest)) throw new NothingLeftError(leftOut);
    const sent = filesOf(rest.references).flatMap(reference => files.get(reference) ?? []);
    return { found: await send(rest, sent), leftOut };
  };
  const lost = filesOf(search.references)
    .filter(reference => !files.has(reference))
    .map(reference => ({ reference, reason: 'gone' as const }));
  try {
    return await attempt(lost);
  } catch (error) {
    const images = search.references.filter(({ kind }) => kind === 'image');
    if (images.length === 0 || !(isNotFound(error) || isQueued(error))) throw error;
    const states = await Promise.all(images.map(({ key }) => imageState(key)));
    const absent = images.flatMap((reference, i): LeftOut[] => {
      const state = states[i] ?? 'indexed';
      return state === 'indexed' ? [] : [{ reference, reason: state }];
    });
    // Where all of them are indexed by now, the same search is sent again.
    return attempt([...lost, ...absent]);
  }
}
