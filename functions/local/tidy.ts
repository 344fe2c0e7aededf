import { TRASH_DAYS } from '../../shared/catalog/trash-entry.ts';
import { forgetRenditions } from '../../shared/gallery/renditions.ts';
import type { Library } from '../../shared/indexing/library.ts';
import type { Log } from '../../shared/log.ts';
import type { ObjectStore } from '../../shared/objects/object-store.ts';

const DAY_MS = 86_400_000;

type TidyDeps = {
  readonly library: Pick<Library, 'emptyTrash'>;
  readonly derived: ObjectStore;
  readonly log: Log;
};

/** Deletes what has lain in the trash for 30 days, and renditions as old. On AWS the buckets' rules do that. */
export async function tidy({ library, derived, log }: TidyDeps, now: Date = new Date()): Promise<void> {
  const before = new Date(now.getTime() - TRASH_DAYS * DAY_MS);
  for (const [what, work] of [
    ['the trash', () => library.emptyTrash({ before })],
    ['renditions', () => forgetRenditions(derived, now)],
  ] as const) {
    try {
      const deleted = await work();
      if (deleted > 0) log.info(`Deleted what was old of ${what}`, { deleted });
    } catch (error) {
      log.warn(`What is old of ${what} could not be deleted; it is tried again`, { error });
    }
  }
}
