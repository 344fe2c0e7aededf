import type { ObjectStore } from '../objects/object-store.ts';
import type { WorkQueue } from '../queue/work-queue.ts';
import type { VectorIndex } from '../vectors/vector-index.ts';
import type { DerivedDeps } from './derived-store.ts';

/** Where a library is kept. Whatever works on a library as a whole needs all of these. */
export type LibraryStores = DerivedDeps & {
  readonly originals: ObjectStore;
  readonly index: VectorIndex;
  readonly queue: WorkQueue;
  /** The present time; the default is the machine's clock. */
  readonly now?: () => Date;
};
