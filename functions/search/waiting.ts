import { hasCode, SemblanceError } from '../../shared/errors.ts';
import type { Library } from '../../shared/indexing/library.ts';

/**
 * The error of a search by images of which one is not indexed: 409 where it only waits for that, so that a client
 * knows to ask again.
 */
export const unlessWaiting =
  (library: Pick<Library, 'state'>, ids: readonly string[]) =>
  async (error: unknown): Promise<never> => {
    if (hasCode(error, 'not_found'))
      for (const id of new Set(ids))
        if ((await library.state(id)) === 'queued')
          throw new SemblanceError('image_queued', `${id} waits to be indexed`, { cause: error });
    throw error;
  };
