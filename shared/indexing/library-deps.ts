import type { DerivedStore } from './derived-store.ts';
import type { LibraryEvents } from './events.ts';
import type { LibraryStores } from './library-stores.ts';

/** What the parts of the library work with. */
export type LibraryDeps = Pick<LibraryStores, 'originals' | 'index' | 'queue'> & {
  readonly events: LibraryEvents;
  readonly store: DerivedStore;
  readonly now: () => Date;
};
