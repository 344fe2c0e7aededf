import type { PassedOver } from '../catalog/passed-over.ts';
import type { Requests } from './count-requests.ts';
import type { Rules } from './decide.ts';
import type { LibraryStores } from './library-stores.ts';
import type { ObserveDeps } from './observe.ts';
import type { Counts } from './sweep-part.ts';

export type SweepDeps = LibraryStores & {
  /** UUID; see idOfKey. */
  readonly namespace: string;
};

export type SweepOptions = {
  /** Only compares. */
  readonly dryRun?: boolean;
  /** Goes on where more than 30 % of the images would be dropped. */
  readonly allowDrop?: boolean;
  /** Also queues images whose words were never looked for, or by an earlier version, or are to be tried again; OCR must be on. */
  readonly words?: boolean;
  /** Tries again now the words that could not be read, or not all of them. */
  readonly retryWords?: boolean;
  /** Called now and then with how many objects were listed so far. */
  readonly onProgress?: (listed: number) => void;
  readonly signal?: AbortSignal;
  /** Objects that are compared in one piece; default 50,000. */
  readonly largestPart?: number;
};

export type SweepReport = Readonly<Counts> & {
  /** Files that are no images, which are counted nowhere else. */
  readonly passedOver: PassedOver;
  /** Keys sent to the queue; with dryRun those that would be. */
  readonly queued: number;
  readonly requests: Readonly<Requests>;
};

/** What the steps of a sweep work with. */
export type SweepPorts = ObserveDeps & SweepDeps & { readonly now: () => Date };

/** How many objects are compared in one part by default. */
export const LARGEST_PART = 50_000;

/** Keys that are listed or sent before other work gets its turn. */
export const KEYS_AT_ONCE = 1_000;

export const rulesOf = (
  { words, retryWords }: Pick<SweepOptions, 'words' | 'retryWords'>,
  now: Date,
): Rules => ({
  retry: false,
  words: words === true || retryWords === true,
  now,
});
