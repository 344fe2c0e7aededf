import { type ReactNode, useEffect, useEffectEvent, useRef, useState } from 'react';
import { ApiError } from './api/api-error.ts';
import type { Hit } from './api/types.ts';
import { GridSkeleton, ImageGrid } from './grid/image-grid.tsx';
import type { TileActions } from './grid/tile.tsx';
import { LOST_IMAGE, type useSearch } from './search/use-search.ts';
import { filterCount, hasQuery, NO_FILTERS, type SearchState } from './state/search-state.ts';
import { AlertIcon, ImageIcon, ShuffleIcon } from './ui/icons.tsx';
import { t } from './ui/messages.ts';

type ResultsProps = {
  readonly home: boolean;
  readonly locked: boolean;
  readonly offline: boolean;
  readonly indexing: boolean;
  readonly search: SearchState;
  readonly query: ReturnType<typeof useSearch>['query'];
  readonly hits: readonly Hit[];
  readonly actions: TileActions;
  readonly onLoadMore: () => void;
  readonly onShuffle: () => void;
  readonly onChange: (change: Partial<SearchState>) => void;
  readonly onRetry: () => void;
  readonly onUnlock: () => void;
};

/** What was found, or a sentence that says why there is nothing to see. */
export function Results(props: ResultsProps) {
  const { home, query, hits } = props;
  const nothing = emptyState(props);
  return (
    <main data-stale={query.isPlaceholderData || undefined}>
      {!nothing && (
        <div className="results-head">
          {home && hits.length > 0 ? (
            <>
              <h2>{t.fromYourImages}</h2>
              <button type="button" className="quiet" onClick={props.onShuffle}>
                <ShuffleIcon />
                {t.shuffle}
              </button>
            </>
          ) : (
            <p role="status">
              {query.isPending || query.isPlaceholderData
                ? t.searching
                : t.results(hits.length, query.hasNextPage)}
            </p>
          )}
        </div>
      )}
      {nothing ?? (query.isPending ? <GridSkeleton /> : <ImageGrid hits={hits} actions={props.actions} />)}
      {!nothing && query.hasNextPage && (
        <Sentinel ready={!query.isFetching && !query.isError} onNear={props.onLoadMore} />
      )}
      {!nothing && query.isFetchNextPageError && (
        <p className="more">
          {query.error?.message}{' '}
          <button type="button" className="quiet" onClick={props.onLoadMore}>
            {t.retry}
          </button>
        </p>
      )}
    </main>
  );
}

function emptyState(props: ResultsProps): ReactNode {
  const { locked, offline, query, hits, search, onRetry } = props;
  const again = (
    <button type="button" className="main" onClick={onRetry}>
      {t.retry}
    </button>
  );
  if (locked)
    return (
      <Empty title={t.tokenTitle} text={t.tokenText}>
        <button type="button" className="main" onClick={props.onUnlock}>
          {t.tokenLabel}
        </button>
      </Empty>
    );
  if (hits.length > 0 && !query.isError) return null;
  if (offline) return <Empty alarm title={t.offlineTitle} text={t.offlineText} />;
  if (query.isError && hits.length === 0) {
    const lost = query.error instanceof ApiError && query.error.code === LOST_IMAGE;
    if (lost) return <Empty title={t.lostImageTitle} text={t.lostImageText} />;
    return (
      <Empty alarm title={t.failedTitle} text={query.error.message}>
        {again}
      </Empty>
    );
  }
  if (query.isPending || query.isPlaceholderData || hits.length > 0) return null;
  if (filterCount(search.filters) > 0)
    return (
      <Empty title={t.emptyTitle} text={t.emptyFiltered}>
        <button type="button" className="main" onClick={() => props.onChange({ filters: NO_FILTERS })}>
          {t.clearFilters}
        </button>
      </Empty>
    );
  if (hasQuery(search)) {
    return (
      <Empty
        title={props.indexing ? t.emptyYet : t.emptyTitle}
        text={props.indexing ? t.emptyIndexing : t.emptyText}
      />
    );
  }
  return <Empty title={t.noImagesTitle} text={props.indexing ? t.noImagesIndexing : t.noImagesText} />;
}

type EmptyProps = {
  readonly title: string;
  readonly text: string;
  readonly alarm?: boolean;
  readonly children?: ReactNode;
};

function Empty({ title, text, alarm, children }: EmptyProps) {
  return (
    <div className="empty" role={alarm ? 'alert' : 'status'}>
      {alarm ? <AlertIcon /> : <ImageIcon />}
      <h2>{title}</h2>
      <p>{text}</p>
      {children}
    </div>
  );
}

type SentinelProps = {
  /** False while something is under way, or went wrong. */
  readonly ready: boolean;
  readonly onNear: () => void;
};

/** Asks for the next page as long as the end of the grid is near the window. */
function Sentinel({ ready, onNear }: SentinelProps) {
  const element = useRef<HTMLDivElement>(null);
  const [near, setNear] = useState(false);
  const ask = useEffectEvent(onNear);
  useEffect(() => {
    const target = element.current;
    if (!target) return;
    const observer = new IntersectionObserver(([entry]) => setNear(entry?.isIntersecting ?? false), {
      rootMargin: '1200px',
    });
    observer.observe(target);
    return () => observer.disconnect();
  }, []);
  useEffect(() => {
    if (near && ready) ask();
  }, [near, ready]);
  return <div ref={element} className="sentinel" />;
}
