import { type QueryClient, useQueries, useQuery, useQueryClient } from '@tanstack/react-query';
import { useCallback, useEffect, useMemo, useRef, useState, useSyncExternalStore } from 'react';
import { isOffline, WAKE } from '../api/api-error.ts';
import type { Hit } from '../api/types.ts';
import { type LeftOut, NothingLeftError } from './left-out.ts';
import { type Listing, type LoadedPart, type Part, WHOLE } from './listing.ts';
import { NO_SHAPE, type Section, type SectionShape, shapeOf } from './shape.ts';
import { forgetSection, recordPart, shapesOf, storeShapes, subscribeShapes } from './shape-store.ts';
import { beginAgain, partKey, useWaiting } from './use-waiting.ts';

/** A part of a listing that the grid wants, by its section and where it begins. */
export type PartKey = { readonly section: string; readonly cursor: string | null };

/** ms that images are kept after the grid has left them; their shapes are kept for good. */
const KEPT = 60_000;
const FRESH = 5 * 60_000;
/** ms; the sections are few bytes, and tell by their counts what else has changed. */
const SECTIONS_FRESH = 10_000;
/** Requests for a part of which the server can't say yet how well its images fit. */
const MOST_AGAIN = 6;

export type ListingView = {
  /** The listing whose images these are: the one before while the first images of a new one are on their way. */
  readonly listing: Listing;
  readonly sections: readonly Section[];
  readonly shapes: readonly SectionShape[];
  readonly hits: ReadonlyMap<string, Hit>;
  /** The first part, for what a response says beside its images. */
  readonly first: Part | undefined;
  readonly pending: boolean;
  /** True while another listing than the requested one is shown. */
  readonly stale: boolean;
  readonly fetching: boolean;
  readonly error: Error | null;
  /** References that the requested search goes on without. */
  readonly leftOut: readonly LeftOut[];
  readonly want: (parts: readonly PartKey[]) => void;
  readonly retry: () => void;
  /** Learns the ids of all images of the listing, up to this many. */
  readonly learnAll: (most: number) => Promise<void>;
};

/** The images of a listing, as far as the grid wants them; see shape.ts for what is kept of the others. */
export function useListing(asked: Listing): ListingView {
  const client = useQueryClient();
  const [shown, setShown] = useState(asked);
  const [wanted, setWanted] = useState<readonly PartKey[]>([]);

  const askedSections = useSections(asked);
  const shownSections = useSections(shown);
  const sections = shownSections.data;

  const askedShapes = useSyncExternalStore(subscribeShapes, () => shapesOf(asked.key));
  const shownShapes = useSyncExternalStore(subscribeShapes, () => shapesOf(shown.key));
  const firstSection = askedSections.data?.[0];
  const first = useQuery({
    ...partOptions(asked, firstSection ?? WHOLE, null),
    enabled: firstSection !== undefined,
  });
  const parts = useQueries({
    queries: wanted.flatMap(({ section, cursor }) => {
      const found = sections?.find(({ key }) => key === section);
      return found ? [partOptions(shown, found, cursor)] : [];
    }),
  });

  const empty = askedSections.data?.length === 0;
  const error = askedSections.error ?? first.error ?? parts.find(part => part.error)?.error ?? null;
  const ready = askedShapes.size > 0 || empty || error !== null;
  if (shown.key !== asked.key && ready) {
    setShown(asked);
    setWanted([]);
  }

  const loaded = useSameList([first.data, ...parts.map(part => part.data)].flatMap(part => part ?? []));
  const hits = useMemo(
    () => new Map(loaded.flatMap(part => part.result.map(hit => [hit.img.id, hit] as const))),
    [loaded],
  );

  const leftOut =
    first.error instanceof NothingLeftError ? first.error.leftOut : (first.data?.leftOut ?? NOTHING);
  useWaiting(asked.key, leftOut);

  // biome-ignore lint/correctness/useExhaustiveDependencies: a shape that was forgotten is recorded again from what is loaded
  useEffect(() => {
    for (const { origin, result, next } of loaded) {
      const { headingsOf } = origin.listing === asked.key ? asked : shown;
      recordPart(origin.listing, origin.section, shapeOf(origin.cursor, result, next, headingsOf(result)));
    }
  }, [asked, shown, loaded, askedShapes, shownShapes]);

  useRecount(shown.key, shownSections);

  useEffect(() => {
    const store = () => storeShapes(asked.key);
    addEventListener('pagehide', store);
    return () => removeEventListener('pagehide', store);
  }, [asked.key]);

  const want = useCallback((next: readonly PartKey[]) => {
    setWanted(before => (sameParts(before, next) ? before : next));
  }, []);
  const learnAll = async (most: number) => {
    for (const section of sections ?? []) {
      for (;;) {
        const known = shapesOf(shown.key);
        const shape = known.get(section.key) ?? NO_SHAPE;
        const total = [...known.values()].reduce((sum, { ids }) => sum + ids.length, 0);
        if (total >= most) return;
        if (shape.complete) break;
        const { origin, result, next } = await client.fetchQuery(partOptions(shown, section, shape.next));
        const headings = shown.headingsOf(result);
        recordPart(origin.listing, origin.section, shapeOf(origin.cursor, result, next, headings));
      }
    }
  };
  const retry = useCallback(() => client.invalidateQueries(), [client]);
  const shapes = useMemo(
    () => (sections ?? []).map(({ key }) => shownShapes.get(key) ?? NO_SHAPE),
    [sections, shownShapes],
  );
  const stale = shown.key !== asked.key;
  return {
    listing: shown,
    sections: sections ?? NO_SECTIONS,
    shapes,
    hits,
    first: first.data,
    pending: !ready && shownShapes.size === 0,
    stale,
    fetching: stale || first.isFetching,
    error,
    leftOut,
    want,
    retry,
    learnAll,
  };
}

const NOTHING: readonly LeftOut[] = [];
const NO_SECTIONS: readonly Section[] = [];
const ONE_SECTION: readonly Section[] = [WHOLE];

type CountedSections = { readonly data: readonly Section[] | undefined; readonly dataUpdatedAt: number };

/**
 * Starts the sections again that have another number of images than before, or than is known of them: a tab may
 * remember them from before a reload.
 */
function useRecount(listing: string, { data: sections, dataUpdatedAt }: CountedSections): void {
  const client = useQueryClient();
  const before = useRef<{ listing: string; counts: ReadonlyMap<string, number | null> } | null>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: checked at each response, also where it is the same as before
  useEffect(() => {
    if (!sections) return;
    const counts = new Map(sections.map(({ key, count }) => [key, count]));
    const old = before.current?.listing === listing ? before.current.counts : null;
    before.current = { listing, counts };
    const shapes = shapesOf(listing);
    for (const key of new Set([...(old ?? counts).keys(), ...counts.keys()])) {
      const count = counts.get(key);
      const { complete, ids } = shapes.get(key) ?? NO_SHAPE;
      const isKnown = complete && (count === null || ids.length === count);
      if (isKnown || (!complete && (!old || old.get(key) === count))) continue;
      forgetSection(listing, key);
      client.invalidateQueries({ queryKey: ['search', listing, key] });
    }
  }, [client, listing, sections, dataUpdatedAt]);
}

function useSections(listing: Listing) {
  const { fetchSections } = listing;
  return useQuery({
    queryKey: ['sections', listing.key],
    queryFn: ({ signal }) => (fetchSections ? fetchSections(signal) : ONE_SECTION),
    ...(fetchSections ? {} : { initialData: ONE_SECTION }),
    staleTime: fetchSections ? SECTIONS_FRESH : Number.POSITIVE_INFINITY,
  });
}

type PartQuery = {
  readonly state: {
    readonly data: LoadedPart | undefined;
    readonly error: Error | null;
    readonly dataUpdateCount: number;
  };
};

type PartRequest = { readonly signal: AbortSignal; readonly client: QueryClient };

const partOptions = (listing: Listing, section: Section, cursor: string | null) => ({
  queryKey: partKey(listing.key, section.key, cursor),
  queryFn: async ({ signal, client }: PartRequest): Promise<LoadedPart> => {
    const part = await listing.fetchPart(section, cursor, signal);
    if (part.isOutdated) beginAgain(client, listing.key);
    return { ...part, origin: { listing: listing.key, section: section.key, cursor } };
  },
  staleTime: FRESH,
  gcTime: KEPT,
  // A part is replaced as it is: comparing it deeply with the one before costs more than drawing it again.
  structuralSharing: false,
  refetchInterval: ({ state: { data, error, dataUpdateCount } }: PartQuery) => {
    if (isOffline(error)) return WAKE;
    // Requested again at growing intervals. Where there are too few images to measure by, that stays without result.
    const again = data?.awaitsFits && dataUpdateCount <= MOST_AGAIN;
    return again ? dataUpdateCount * WAKE : false;
  },
});

const sameParts = (a: readonly PartKey[], b: readonly PartKey[]): boolean =>
  a.length === b.length &&
  a.every((part, i) => part.section === b[i]?.section && part.cursor === b[i]?.cursor);

/** The list as it was before while its items are the same. */
function useSameList<T>(list: readonly T[]): readonly T[] {
  const [kept, setKept] = useState(list);
  const same = kept.length === list.length && kept.every((item, i) => item === list[i]);
  if (!same) setKept(list);
  return same ? kept : list;
}
