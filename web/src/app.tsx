import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { api } from './api/api.ts';
import { isOffline, WAKE } from './api/api-error.ts';
import { criteriaNames } from './api/find-images.ts';
import type { Image } from './api/types.ts';
import type { TileActions } from './grid/tile.tsx';
import { DemoBanner } from './library/demo-banner.tsx';
import { DuplicatesSheet } from './library/duplicates-sheet.tsx';
import { FailuresSheet, useFailures } from './library/failures-sheet.tsx';
import { IndexingBar } from './library/indexing-bar.tsx';
import { TokenSheet } from './library/token-sheet.tsx';
import { UploadPanel } from './library/upload-panel.tsx';
import { useIndexing } from './library/use-indexing.ts';
import { useUploads } from './library/use-uploads.ts';
import { Results } from './results.tsx';
import { DropTarget } from './search/drop-target.tsx';
import { FilterPanel } from './search/filter-panel.tsx';
import { keepImage, MAX_BYTES, prepareImage } from './search/search-image.ts';
import { useSearch } from './search/use-search.ts';
import { filterCount, hasQuery, NO_SEARCH, type SearchState } from './state/search-state.ts';
import { useAddress } from './state/use-address.ts';
import { Top } from './top.tsx';
import { Complaint } from './ui/complaint.tsx';
import { formatBytes } from './ui/format.ts';
import { HelpSheet } from './ui/help-sheet.tsx';
import { t } from './ui/messages.ts';
import { ImageView } from './view/image-view.tsx';
import { useEdits } from './view/use-edits.ts';

type SheetName = 'help' | 'failures' | 'duplicates' | 'access' | 'admin';

export function App() {
  const [{ search, open }, go] = useAddress();
  const [sheet, setSheet] = useState<SheetName | null>(null);
  const [filtersOpen, setFiltersOpen] = useState(() => filterCount(search.filters) > 0);
  const [complaint, setComplaint] = useState<string | null>(null);
  const [seed, setSeed] = useState(randomSeed);
  const client = useQueryClient();

  const welcome = useQuery({
    queryKey: ['welcome'],
    queryFn: ({ signal }) => api.welcome(signal),
    refetchInterval: query => (query.state.status === 'error' ? WAKE : false),
  });
  const authorization = welcome.data?.authorization;
  const locked = authorization?.required === true && !authorization.passed;
  const admin = welcome.data?.admin_api.passed ?? false;

  const { query, hits, notice, categories } = useSearch(search, seed);
  const progress = useIndexing(admin);
  const failures = useFailures(admin);
  const uploads = useUploads(welcome.data?.semblance.gallery === 'bucket');
  const edits = useEdits();

  const change = useCallback(
    (fields: Partial<SearchState>, options?: { replace?: boolean }) =>
      go({ search: { ...search, ...fields }, open: null }, options),
    [go, search],
  );

  const byImage = useCallback(
    async (file: File) => {
      setComplaint(null);
      if (file.type !== '' && !file.type.startsWith('image/')) return setComplaint(t.notAnImage(file.name));
      const prepared = await prepareImage(file);
      if (prepared.size > MAX_BYTES) return setComplaint(t.imageTooLarge(file.name, formatBytes(MAX_BYTES)));
      const image = await keepImage(prepared);
      scrollTo({ top: 0 });
      go({ search: { ...NO_SEARCH, filters: search.filters, image }, open: null });
    },
    [go, search.filters],
  );

  const moreLike = useCallback(
    (id: string) => {
      scrollTo({ top: 0 });
      go({ search: { ...NO_SEARCH, filters: search.filters, like: [id] }, open: null });
    },
    [go, search.filters],
  );
  const addToSearch = useCallback(
    (id: string) => change({ like: [...search.like.filter(other => other !== id), id] }),
    [change, search.like],
  );

  const { mutate: editImage } = edits.edit;
  const tileActions: TileActions = useMemo(
    () => ({
      open: id => go({ open: id }),
      moreLike,
      star: admin
        ? (image: Image) => editImage({ id: image.id, change: { starred: !image.starred } })
        : undefined,
    }),
    [go, moreLike, admin, editImage],
  );

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

  const home = !hasQuery(search) && filterCount(search.filters) === 0;
  const offline = isOffline(welcome.error) || isOffline(query.error);
  const { fetchNextPage, hasNextPage, isFetchingNextPage } = query;
  const loadMore = useCallback(() => {
    if (hasNextPage && !isFetchingNextPage) fetchNextPage();
  }, [fetchNextPage, hasNextPage, isFetchingNextPage]);

  return (
    <>
      <Top
        home={home}
        search={search}
        busy={query.isFetching && !query.isFetchingNextPage}
        demo={welcome.data?.semblance.gallery === 'demo'}
        filtersOpen={filtersOpen}
        failureCount={failures.data?.length ?? 0}
        welcome={welcome.data}
        onChange={change}
        onHome={() => go({ search: NO_SEARCH, open: null })}
        onImage={byImage}
        onFilters={() => setFiltersOpen(!filtersOpen)}
        onUpload={admin ? uploads.add : undefined}
        onSheet={setSheet}
      />
      {filtersOpen && (
        <FilterPanel
          search={search}
          onChange={change}
          ocr={new Set<string>(welcome.data?.available_basis).has('ocr')}
          knownCategories={categories}
        />
      )}
      {progress && <IndexingBar progress={progress} />}
      <div className="notices" aria-live="polite">
        {welcome.data && <DemoBanner about={welcome.data.semblance} home={home} />}
        {notice && <p className="notice">{notice}</p>}
        {complaint && <Complaint text={complaint} onDismiss={() => setComplaint(null)} />}
        {edits.error && <Complaint text={edits.error.message} onDismiss={edits.reset} />}
      </div>
      <Results
        home={home}
        locked={locked}
        offline={offline}
        indexing={progress !== null}
        search={search}
        query={query}
        hits={hits}
        actions={tileActions}
        onLoadMore={loadMore}
        onShuffle={() => setSeed(randomSeed())}
        onChange={change}
        onRetry={() => client.invalidateQueries()}
        onUnlock={() => setSheet('access')}
      />
      {open && (
        <ImageView
          id={open}
          hits={hits}
          criteria={criteriaNames(search)}
          onNearEnd={loadMore}
          actions={{
            show,
            close,
            moreLike,
            addToSearch,
            edit: admin ? (id, fields) => editImage({ id, change: fields }) : undefined,
            remove: admin ? id => edits.remove.mutate(id, { onSuccess: close }) : undefined,
          }}
        />
      )}
      <DropTarget onImage={byImage} onLike={addToSearch} onUpload={admin ? uploads.add : undefined} />
      {uploads.items.length > 0 && <UploadPanel items={uploads.items} onClose={uploads.clear} />}
      {sheet === 'help' && <HelpSheet onClose={() => setSheet(null)} />}
      {sheet === 'duplicates' && (
        <DuplicatesSheet
          onClose={() => setSheet(null)}
          onShow={id => {
            setSheet(null);
            go({ open: id });
          }}
        />
      )}
      {sheet === 'failures' && <FailuresSheet onClose={() => setSheet(null)} />}
      {(sheet === 'access' || sheet === 'admin') && (
        <TokenSheet kind={sheet} onClose={() => setSheet(null)} />
      )}
    </>
  );
}

function randomSeed(): number {
  return crypto.getRandomValues(new Uint32Array(1))[0]! >>> 1;
}
