import { lazy, Suspense, useCallback, useEffect, useMemo, useState } from 'react';
import { useAlbumChanges } from './albums/use-albums.ts';
import { criteriaNames } from './api/find-images.ts';
import type { Image } from './api/types.ts';
import { clearSelection, useIsSelecting } from './grid/selection.ts';
import { useSelectAll } from './grid/use-select-all.ts';
import { useTileActions } from './grid/use-tile-actions.ts';
import { IndexingBar } from './library/indexing-bar.tsx';
import { useAccess } from './library/use-access.ts';
import { useDroppedFiles } from './library/use-dropped-files.ts';
import { useFailures } from './library/use-failures.ts';
import { useIndexing } from './library/use-indexing.ts';
import { useRequiredTokens } from './library/use-required-tokens.ts';
import { useUploads } from './library/use-uploads.ts';
import { categoriesOf, useHitsInOrder } from './listing/known-hits.ts';
import { referencesOf, withoutReferences } from './listing/left-out.ts';
import { listingOf } from './listing/listing-of.ts';
import { useListing } from './listing/use-listing.ts';
import { Notices } from './notices.tsx';
import { Places } from './places.tsx';
import { Results } from './results.tsx';
import { DropTarget } from './search/drop-target.tsx';
import { useSearchChanges } from './search/use-search-changes.ts';
import { useBulk } from './selection/use-bulk.ts';
import type { SheetName } from './sheets.tsx';
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
import { Toaster } from './ui/toast.tsx';
import { useNarrow } from './ui/use-narrow.ts';
import { useEdits } from './view/use-edits.ts';
import { useLargeView } from './view/use-large-view.ts';
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

export function App() {
  const [address, go] = useAddress();
  const { place, search, open } = address;
  const [sheet, setSheet] = useState<SheetName | null>(null);
  const [filtersOpen, setFiltersOpen] = useState(() => showsFilters(search));
  const [complaint, setComplaint] = useState<string | null>(null);

  const { welcome, offline, locked, admin, sharing, ocr } = useAccess();
  useRequiredTokens(welcome, open, setSheet);

  const { change, byImage, moreLike, addToSearch, likeThese, searchRegion } = useSearchChanges(
    search,
    go,
    setComplaint,
  );

  const listing = useMemo(() => listingOf(search), [search]);
  const view = useListing(listing);
  const hits = useHitsInOrder(view);
  /** The search whose results are shown. */
  const present = withoutReferences(search, referencesOf(view.leftOut));
  /** The search as it can be kept: images that wait will be indexed. */
  const lasting = withoutReferences(search, referencesOf(view.leftOut, 'gone'));
  const { progress, waitsFor } = useIndexing(admin);
  const failures = useFailures(admin);
  const uploads = useUploads(admin && welcome ? welcome.semblance.gallery === 'bucket' : null);
  const upload = useDroppedFiles(uploads.add, setComplaint);
  const edits = useEdits();
  const bulk = useBulk();

  useSelectAll(view);

  const { mutate: editImage, mutateAsync: editImageNow } = edits.edit;
  const unsentNotes = useUnsentNotes(admin);
  const { openImage, showNext, close, closeIfOpen } = useLargeView(open, go);
  const star = useCallback(
    (image: Image) => editImage({ id: image.id, change: { starred: !image.starred } }),
    [editImage],
  );
  const tileActions = useTileActions({ view, open: openImage, moreLike, star: admin ? star : undefined });
  // biome-ignore lint/correctness/useExhaustiveDependencies: what was selected belongs to the listing before
  useEffect(() => clearSelection, [listing.key, place]);

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
        leftOut={view.leftOut}
        busy={view.fetching}
        demo={welcome?.semblance.gallery === 'demo'}
        filtersOpen={filtersOpen}
        failureCount={failures.data?.length ?? 0}
        welcome={welcome}
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
      <Notices
        home={home}
        welcome={welcome}
        offline={offline}
        waitsFor={waitsFor}
        unsentNotes={unsentNotes}
        complaints={[
          { text: complaint, dismiss: () => setComplaint(null) },
          { text: bulk.trouble, dismiss: bulk.reset },
          { text: edits.error?.message, dismiss: edits.reset },
        ]}
      />
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
          onWithout={references => change({ references: withoutReferences(search, references).references })}
          onUnlock={() => setSheet('access')}
          onSave={admin ? () => setSheet('save') : undefined}
        />
      ) : (
        <Suspense fallback={<main />}>
          {place === 'albums' && <Albums admin={admin} onSearch={openSearch} />}
          {place === 'trash' && <Trash />}
          {place === 'map' && <MapPlace onShow={openImage} />}
          {place === 'duplicates' && <Duplicates admin={admin} onShow={openImage} />}
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
              show: showNext,
              close,
              moreLike,
              addToSearch,
              searchRegion,
              edit: admin ? (id, fields) => editImageNow({ id, change: fields }) : undefined,
              noted: edits.noted,
              share: sharing ? () => setSheet('share') : undefined,
              remove: admin
                ? id => bulk.remove.mutate([id], { onSuccess: () => closeIfOpen(id) })
                : undefined,
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
          <Sheets sheet={sheet} search={lasting} open={open} onClose={() => setSheet(null)} />
        </Suspense>
      )}
    </>
  );
}

/** An album is shown without the filter panel, although the address has it as a filter. */
const showsFilters = (search: SearchState): boolean =>
  albumOf(search) === null && filterCount(search.filters) > 0;

function randomSeed(): number {
  return (crypto.getRandomValues(new Uint32Array(1))[0]! >>> 1) + 1;
}
