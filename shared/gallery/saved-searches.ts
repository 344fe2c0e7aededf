import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { SemblanceError } from '../errors.ts';
import { type DocumentsDeps, openDocuments } from './documents.ts';

const savedSearchSchema = z.object({
  version: z.literal(1).default(1),
  id: z.uuid(),
  name: z.string(),
  /** The JSON of POST /search/query, as it was given. */
  query: z.record(z.string(), z.unknown()),
  /** Whether it is shown on the start page. */
  pinned: z.boolean().default(false),
  /** RFC 3339, UTC. */
  created: z.string(),
});
export type SavedSearch = z.infer<typeof savedSearchSchema>;
export type SavedSearchChange = Partial<Pick<SavedSearch, 'name' | 'query' | 'pinned'>>;

export type SavedSearches = ReturnType<typeof openSavedSearches>;

/** Searches that people keep by name. */
export function openSavedSearches(deps: DocumentsDeps, now: () => Date = () => new Date()) {
  const documents = openDocuments(deps, 'saved-searches/', savedSearchSchema);
  return {
    /** The oldest first. */
    list: async (): Promise<SavedSearch[]> =>
      (await documents.list()).sort((a, b) => (a.created < b.created ? -1 : 1)),
    async add(search: Pick<SavedSearch, 'name' | 'query' | 'pinned'>): Promise<SavedSearch> {
      await documents.assertRoom();
      const added = { version: 1 as const, id: randomUUID(), created: now().toISOString(), ...search };
      await documents.write(added.id, added);
      return added;
    },
    /** @throws not_found */
    async change(id: string, change: SavedSearchChange): Promise<SavedSearch> {
      const before = await documents.read(id);
      if (!before) throw new SemblanceError('not_found', `There is no saved search ${id}`);
      const changed = { ...before, ...change };
      await documents.write(id, changed);
      return changed;
    },
    remove: (id: string): Promise<void> => documents.remove(id),
  };
}
