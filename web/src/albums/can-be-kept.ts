import { filesOf } from '../api/find-images.ts';
import type { SearchState } from '../state/search-state.ts';

/** Searches by files can't be kept: the files stay in the tab where they were dropped. */
export const canBeKept = (search: SearchState): boolean => filesOf(search.references).length === 0;
