import { useQuery } from '@tanstack/react-query';
import { lazy, Suspense, useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { useAlbumChanges } from './albums/use-albums.ts';
import { api } from './api/api.ts';
import { isOffline, WAKE } from './api/api-error.ts';
import { criteriaNames } from './api/find-images.ts';
import type { TokenKind } from './api/tokens.ts';
import type { Hit, Image, Page } from './api/types.ts';
import { clearSelection, useIsSelecting } from './grid/selection.ts';
import { useSelectAll } from './grid/use-select-all.ts';
import { useTileActions } from './grid/use-tile-actions.ts';
import { DemoBanner } from './library/demo-banner.tsx';
import { IndexingBar } from './library/indexing-bar.tsx';
import { useDroppedFiles } from './library/use-dropped-files.ts';
import { useFailures } from './library/use-failures.ts';
import { useIndexing } from './library/use-indexing.ts';
import { useTokensAskedFor } from './library/use-tokens-asked-for.ts';
import { useUploads } from './library/use-uploads.ts';
import { listingOf } from './listing/listing-of.ts';
import { withoutReferences } from './listing/missing-references.ts';
import { useListing } from './listing/use-listing.ts';
import { Places } from './places.tsx';
import { Results } from './results.tsx';
import { DropTarget } from './search/drop-target.tsx';
import { useSearchChanges } from './search/use-search-changes.ts';
import { useBulk } from './selection/use-bulk.ts';
import {
  albumOf,
  filterCount,
  hasQuery,
  NO_SEARCH,
  type Place,
  type SearchState,
} from './state/search-state.ts';
import { useAddress } from './state/use-address.ts';
import { Top } from './top.tsx';
import { Complaint } from './ui/complaint.tsx';
import { t } from './ui/messages.ts';
import { Toaster } from './ui/toast.tsx';
import { useNarrow } from './ui/use-narrow.ts';
import { wordError } from './ui/word-error.ts';
import { useEdits } from './view/use-edits.ts';
import { useUnsentNotes } from './view/use-unsent-notes.ts';

const ImageView = lazy(() => import('./view/image-view.tsx'));
const UploadPanel = lazy(() => import('./library/upload-panel.tsx'));
const FilterPanel = lazy(() => import('./search/filter-panel.tsx'));
const Albums = lazy(() => import('./albums/albums-place.tsx'));
const MapPlace = lazy(() => import('./map/map-place.tsx'));
const Pinned = lazy(() => import('./albums/pinned.tsx'));
const Trash = lazy(() => import('./library/trash-place.tsx'));
const Duplicates = lazy(() => import('./duplicates/duplicates-place.tsx'));
const SelectionBar = lazy(() => import('./selection/selection-bar.tsx'));
const Sheets = lazy(() => import('./sheets.tsx'));

export type SheetName = 'help' | 'failures' | 'save' | 'share' | TokenKind | 'language';

export function App() {
  const [address, go] = useAddress();
  const { place, search, open } = address;
  const [sheet, setSheet] = useState<SheetName | null>(null);
  const [filtersOpen, setFiltersOpen] = useState(() => showsFilters(search));
  const [complaint, setComplaint] = useState<string | null>(null);

  const welcome = useQuery({
    queryKey: ['welcome'],
    queryFn: ({ signal }) => api.welcome(signal),
    refetchInterval: query => (query.state.status === 'error' ? WAKE : false),
  });
  const authorization = welcome.data?.authorization;
  const locked = authorization?.required === true && !authorization.passed;
  const admin = welcome.data?.admin_api.passed ?? false;
  const sharing = admin && welcome.data?.semblance.sharing === true;
  const offline = isOffline(welcome.error);
  useTokensAskedFor(welcome.data, open, setSheet);
  const ocr = new Set<string>(welcome.data?.available_basis).has('ocr');

  const { change, byImage, moreLike, addToSearch, likeThese, searchRegion } = useSearchChanges(
    search,
    go,
    setComplaint,
  );

  const listing = useMemo(() => listingOf(search), [search]);
  const view = useListing(listing);
  const hits = useHitsInOrder(view);
  /** The search whose results are shown. */
  const present = withoutReferences(search, view.missing);
  const { progress, waitsFor } = useIndexing(admin);
  const failures = useFailures(admin);
  const uploads = useUploads(admin && welcome.data ? welcome.data.semblance.gallery === 'bucket' : null);
  const upload = useDroppedFiles(uploads.add, setComplaint);
  const edits = useEdits();
  const bulk = useBulk();

  useSelectAll(view);

  const { mutate: editImage, mutateAsync: editImageNow } = edits.edit;
  const unsentNotes = useUnsentNotes(admin);
  const openImage = useCallback((id: string) => go({ open: id }), [go]);
  const star = useCallback(
    (image: Image) => editImage({ id: image.id, change: { starred: !image.starred } }),
    [editImage],
  );
  const tileActions = useTileActions({ view, open: openImage, moreLike, star: admin ? star : undefined });
  // biome-ignore lint/correctness/useExhaustiveDependencies: what was selected belongs to the listing before
  useEffect(() => clearSelection, [listing.key, place]);

  // Leaving the large view is going back where that is what opened it, so that the history stays short.
  const openedHere = useRef(false);
  const show = useCallback((id: string) => go({ open: id }, { replace: true }), [go]);
  if (open === null) openedHere.current = true;
  const close = useCallback(
    () => (openedHere.current ? history.back() : go({ open: null }, { replace: true })),
    [go],
  );

  useEffect(() => {
    document.title = search.text.trim() === '' ? 'Semblance' : `${search.text.trim()} · Semblance`;
  }, [search.text]);

  const narrow = useNarrow();
  const openSearch = (next: SearchState) => go({ place: 'images', search: next, open: null });
  const goTo = (target: Place) => go({ place: target, search: NO_SEARCH, open: null });
  const albums = useAlbumChanges();
  const album = albumOf(search);
  const selecting = useIsSelecting();
  const categories = categoriesOf(view.first?.facets, hits);
  const home = place === 'images' && !hasQuery(search) && filterCount(search.filters) === 0;
  return (
    <>
      <Top
        home={home}
        place={place}
        search={search}
        missing={view.missing}
        busy={view.fetching}
        demo={welcome.data?.semblance.gallery === 'demo'}
        filtersOpen={filtersOpen}
        failureCount={failures.data?.length ?? 0}
        welcome={welcome.data}
        onChange={change}
        onHome={() => go({ place: 'images', search: NO_SEARCH, open: null })}
        onPlace={goTo}
        onImage={byImage}
        onFilters={() => setFiltersOpen(!filtersOpen)}
        onUpload={admin ? upload : undefined}
        sharing={sharing}
        onSheet={setSheet}
        admin={admin}
      />
      {filtersOpen && (
        <Suspense>
          <FilterPanel search={search} onChange={change} ocr={ocr} />
        </Suspense>
      )}
      {progress && <IndexingBar progress={progress} />}
      <div className="notices" aria-live="polite">
        {welcome.data && <DemoBanner about={welcome.data.semblance} home={home} />}
        {offline && welcome.data && <p className="notice">{`${t.offlineTitle}. ${t.offlineText}`}</p>}
        {waitsFor && (
          <p className="notice">
            {t.indexingWaits(wordError(waitsFor.code) ?? `${waitsFor.message} ${waitsFor.advice}`)}
          </p>
        )}
        {complaint && <Complaint text={complaint} onDismiss={() => setComplaint(null)} />}
        {bulk.trouble && <Complaint text={bulk.trouble} onDismiss={bulk.reset} />}
        {unsentNotes > 0 && <p className="notice">{t.notesWaiting(unsentNotes)}</p>}
        {edits.error && <Complaint text={edits.error.message} onDismiss={edits.reset} />}
      </div>
      {home && !locked && (
        <Suspense>
          <Pinned onSearch={openSearch} />
        </Suspense>
      )}
      {place === 'images' ? (
        <Results
          home={home}
          locked={locked}
          offline={offline}
          indexing={progress !== null}
          ocr={ocr}
          search={present}
          view={view}
          open={open}
          actions={tileActions}
          onShuffle={() => change({ order: 'random', seed: randomSeed() })}
          onChange={change}
          onUnlock={() => setSheet('access')}
          onSave={admin ? () => setSheet('save') : undefined}
        />
      ) : (
        <Suspense fallback={<main />}>
          {place === 'albums' && <Albums admin={admin} onSearch={openSearch} />}
          {place === 'trash' && <Trash />}
          {place === 'map' && <MapPlace onShow={id => go({ open: id })} />}
          {place === 'duplicates' && <Duplicates admin={admin} onShow={id => go({ open: id })} />}
        </Suspense>
      )}
      {selecting && (
        <Suspense>
          <SelectionBar
            busy={bulk.busy}
            knownCategories={categories}
            actions={{
              like: likeThese,
              download: ids => bulk.download.mutate(ids),
              cover:
                admin && album !== null
                  ? id => albums.changeAlbum.mutate({ category: album, cover: id })
                  : undefined,
              star: admin ? (ids, starred) => bulk.star.mutate({ ids, starred }) : undefined,
              categorize: admin ? (ids, change) => bulk.categorize.mutate({ ids, change }) : undefined,
              remove: admin ? ids => bulk.remove.mutate(ids) : undefined,
            }}
          />
        </Suspense>
      )}
      {narrow && <Places place={place} onGo={goTo} />}
      {open && !locked && (
        <Suspense>
          <ImageView
            id={open}
            hits={hits}
            criteria={criteriaNames(present)}
            actions={{
              show,
              close,
              moreLike,
              addToSearch,
              searchRegion,
              edit: admin ? (id, fields) => editImageNow({ id, change: fields }) : undefined,
              noted: edits.noted,
              share: sharing ? () => setSheet('share') : undefined,
              remove: admin ? id => bulk.remove.mutate([id], { onSuccess: close }) : undefined,
            }}
          />
        </Suspense>
      )}
      <DropTarget onImage={byImage} onLike={addToSearch} onUpload={admin ? upload : undefined} />
      {uploads.items.length > 0 && (
        <Suspense>
          <UploadPanel items={uploads.items} onRetry={uploads.retryFailed} onClose={uploads.clear} />
        </Suspense>
      )}
      <Toaster />
      {sheet && (
        <Suspense>
          <Sheets sheet={sheet} search={present} open={open} onClose={() => setSheet(null)} />
        </Suspense>
      )}
    </>
  );
}

/** An album is a page of its own, although it is a filter in the address. */
const showsFilters = (search: SearchState): boolean =>
  albumOf(search) === null && filterCount(search.filters) > 0;

/** The images that are known, in the listing's order; the arrows of the large view walk along them. */
function useHitsInOrder({ shapes, hits }: ReturnType<typeof useListing>): readonly Hit[] {
  return useMemo(() => shapes.flatMap(({ ids }) => ids.flatMap(id => hits.get(id) ?? [])), [shapes, hits]);
}

/** Those that the server counted, else those that are seen. */
function categoriesOf(facets: Page['facets'] | undefined, hits: readonly Hit[]): readonly string[] {
  const counted = facets?.categories?.map(({ value }) => String(value));
  return counted ?? [...new Set(hits.flatMap(({ img }) => img.categories ?? []))].sort();
}

function randomSeed(): number {
  return (crypto.getRandomValues(new Uint32Array(1))[0]! >>> 1) + 1;
}
