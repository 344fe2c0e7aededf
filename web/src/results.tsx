import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { canBeKept } from './albums/can-be-kept.ts';
import { api } from './api/api.ts';
import { filterOf } from './api/find-images.ts';
import type { Page } from './api/types.ts';
import { emptyState, hidesNearest, NothingFits, type ResultsProps } from './empty-results.tsx';
import { GridSkeleton } from './grid/grid-skeleton.tsx';
import { ImageGrid } from './grid/image-grid.tsx';
import { NEAREST } from './listing/headings.ts';
import { NothingLeftError, referencesOf } from './listing/left-out.ts';
import { DEEPEST } from './listing/listing-of.ts';
import { albumOf, hasQuery, ORDERS, type SearchState } from './state/search-state.ts';
import { formatLanguage, formatSeconds, formatWeekday } from './ui/format.ts';
import { KeepIcon, SearchIcon, ShuffleIcon } from './ui/icons.tsx';
import { t } from './ui/messages.ts';

/** What was found, or a sentence that says why there is nothing to see. */
export function Results(props: ResultsProps) {
  const { view } = props;
  const [nearest, setNearest] = useState<string | null>(null);
  const unfit = hidesNearest(view, props.search) && nearest !== view.listing.key;
  const nothing =
    emptyState(props) ??
    (unfit ? <NothingFits {...props} onNearest={() => setNearest(view.listing.key)} /> : null);
  const album = albumOf(props.search);
  return (
    <main data-stale={view.stale || undefined}>
      <h1 className={album === null ? 'visually-hidden' : 'album-title'}>{album ?? titleOf(props.search)}</h1>
      <SearchNotices notices={view.first?.notices ?? []} unfit={unfit} />
      {!(view.error instanceof NothingLeftError) && <LeftOutNotices {...props} />}
      {!nothing && <ResultsHead {...props} />}
      {nothing ??
        (view.pending ? (
          <GridSkeleton />
        ) : (
          <ImageGrid view={view} actions={props.actions} open={props.open} runHeading={runHeading} />
        ))}
      {!nothing && view.error && (
        <p className="more" role="alert">
          {view.error.message}{' '}
          <button type="button" className="quiet" onClick={view.retry}>
            {t.retry}
          </button>
        </p>
      )}
    </main>
  );
}

/** Says without which of its images the search was made. */
function LeftOutNotices({ view, onWithout }: ResultsProps) {
  const gone = referencesOf(view.leftOut, 'gone');
  const waiting = referencesOf(view.leftOut, 'waiting');
  return (
    <>
      {gone.length > 0 && (
        <p className="notice" role="status">
          {t.missingImages(gone.length)}
          <button type="button" className="quiet" onClick={() => onWithout(gone)}>
            {t.removeFromSearch}
          </button>
        </p>
      )}
      {waiting.length > 0 && (
        <p className="notice" role="status">
          {t.waitingImages(waiting.length)}
        </p>
      )}
    </>
  );
}

/** The subject of the page, for screen readers. */
const titleOf = (search: SearchState): string => search.text.trim() || t.placeImages;

type NoticesProps = { readonly notices: Page['notices']; readonly unfit: boolean };

/** The notices of a response, in the language of the page. */
function SearchNotices({ notices, unfit }: NoticesProps) {
  // Where no images are shown, the page says already that nothing fits.
  return notices
    .filter(({ code }) => !(unfit && code === 'nothing_fits'))
    .map(notice => (
      <p key={notice.code} className="notice" role="status">
        {noticeWords(notice)}
      </p>
    ));
}

function noticeWords(notice: Page['notices'][number]): string {
  if (notice.code === 'text_in_parts') return t.noticeParts(notice.parts);
  if (notice.code === 'nothing_fits') return t.nothingFitsText;
  const { language, model, better_model: better } = notice;
  return t.noticeLanguage(language && formatLanguage(language), model, better);
}

const runHeading = (name: string): ReactNode =>
  name === NEAREST ? <p className="beyond">{t.fromHereOn}</p> : <h3>{formatWeekday(name)}</h3>;

function ResultsHead({ home, search, view, onShuffle, onChange, onSave }: ResultsProps) {
  const looking = hasQuery(search);
  const known = view.shapes.reduce((sum, { ids }) => sum + ids.length, 0);
  const complete = view.shapes.every(shape => shape.complete);
  const counted = view.sections.every(({ count }) => count !== null);
  const months = useQuery({
    queryKey: ['months', search.filters],
    queryFn: ({ signal }) => api.months(filterOf(search.filters), signal),
    enabled: !looking && !counted,
  });
  const sections = counted ? view.sections : months.data;
  const total = sections?.reduce((sum, { count }) => sum + (count ?? 0), 0) ?? known;
  const took = view.first?.took;
  return (
    <div className="results-head" data-home={home || undefined}>
      {home && (
        <button
          type="button"
          className="round results-search"
          aria-label={t.searchLabel}
          title={t.searchLabel}
          onClick={() => document.querySelector<HTMLElement>('.search-box input[type="search"]')?.focus()}
        >
          <SearchIcon />
        </button>
      )}
      <p role="status">
        {view.pending || view.stale
          ? t.searching
          : looking
            ? t.results(known, !complete, known >= DEEPEST)
            : t.imageCount(total, !sections)}
        {looking && took != null && !view.stale && (
          <span className="took" title={t.tookHint}>
            {formatSeconds(took / 1000)}
          </span>
        )}
      </p>
      {onSave && !home && canBeKept(search) && (
        <button type="button" className="quiet" onClick={onSave}>
          <KeepIcon />
          {t.saveSearch}
        </button>
      )}
      {!looking && (
        <div className="results-order">
          <label>
            <span className="soft">{t.order}</span>
            <select
              value={search.order}
              onChange={event => {
                const order = ORDERS.find(name => name === event.target.value);
                if (order === 'random') onShuffle();
                else if (order) onChange({ order, seed: 0 });
              }}
            >
              {ORDERS.map(order => (
                <option key={order} value={order}>
                  {t.orders[order]}
                </option>
              ))}
            </select>
          </label>
          <button type="button" className="quiet" onClick={onShuffle}>
            <ShuffleIcon />
            {t.shuffle}
          </button>
        </div>
      )}
    </div>
  );
}
