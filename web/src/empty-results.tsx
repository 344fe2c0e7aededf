import type { ReactNode } from 'react';
import { isOffline } from './api/api-error.ts';
import type { TileActions } from './grid/tile.tsx';
import { FEW } from './listing/headings.ts';
import { NothingLeftError, nothingLeftWords } from './listing/left-out.ts';
import type { ListingView } from './listing/use-listing.ts';
import { parseQueryText } from './state/query-text.ts';
import type { Reference } from './state/reference.ts';
import { filterCount, hasQuery, NO_FILTERS, type SearchState } from './state/search-state.ts';
import { AlertIcon, ImageIcon } from './ui/icons.tsx';
import { t } from './ui/messages.ts';

export type ResultsProps = {
  readonly home: boolean;
  readonly locked: boolean;
  readonly offline: boolean;
  readonly indexing: boolean;
  /** Whether words in images can be searched. */
  readonly ocr: boolean;
  /** Without the references that are left out: see `leftOut` of the view. */
  readonly search: SearchState;
  readonly view: ListingView;
  readonly open: string | null;
  readonly actions: TileActions;
  readonly onShuffle: () => void;
  readonly onChange: (change: Partial<SearchState>) => void;
  /** Takes references out of the search. */
  readonly onWithout: (references: readonly Reference[]) => void;
  readonly onUnlock: () => void;
  /** Absent where searches can't be saved. */
  readonly onSave: (() => void) | undefined;
};

/** A sentence where there is nothing to see, with what can be done about it; null where there is something. */
export function emptyState(props: ResultsProps): ReactNode {
  const { locked, offline, view, search } = props;
  const known = view.shapes.some(({ ids }) => ids.length > 0);
  if (locked)
    return (
      <Empty title={t.tokenTitle} text={t.tokenText}>
        <button type="button" className="main" onClick={props.onUnlock}>
          {t.tokenLabel}
        </button>
      </Empty>
    );
  if (view.error instanceof NothingLeftError)
    return (
      <Empty {...nothingLeftWords(view.error.leftOut)}>
        <button type="button" className="main" onClick={() => props.onChange({ references: [] })}>
          {t.removeFromSearch}
        </button>
      </Empty>
    );
  if (known && (!view.error || !view.stale)) return null;
  if (offline || isOffline(view.error)) return <Empty alarm title={t.offlineTitle} text={t.offlineText} />;
  if (view.error)
    return (
      <Empty alarm title={t.failedTitle} text={view.error.message}>
        <button type="button" className="main" onClick={view.retry}>
          {t.retry}
        </button>
      </Empty>
    );
  if (view.pending || view.stale || known || view.sections.some(({ count }) => count)) return null;
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

/**
 * Whether the server's notice that nothing fits is shown instead of the images and not above them. Not for an image
 * that is searched by, since then the nearest are wanted; for what a search should be unlike; and for a few images.
 */
export const hidesNearest = ({ first, stale }: ListingView, { references, text }: SearchState): boolean =>
  !stale &&
  first !== undefined &&
  first.notices.some(({ code }) => code === 'nothing_fits') &&
  first.result.length >= FEW &&
  references.length === 0 &&
  parseQueryText(text).without.length === 0;

/** Says what to try, instead of a wall of images that don't fit. */
export function NothingFits({
  search,
  ocr,
  onChange,
  onNearest,
}: ResultsProps & { readonly onNearest: () => void }) {
  const filtered = filterCount(search.filters) > 0;
  return (
    <Empty title={t.nothingFits} text={t.nothingFitsText}>
      <div className="empty-actions">
        {ocr && search.basis === 'vision' && search.text.trim() !== '' && (
          <button type="button" className="plain" onClick={() => onChange({ basis: 'both' })}>
            {t.tryWords}
          </button>
        )}
        {filtered && (
          <button type="button" className="plain" onClick={() => onChange({ filters: NO_FILTERS })}>
            {t.clearFilters}
          </button>
        )}
        <button type="button" className="plain" onClick={onNearest}>
          {t.showNearest}
        </button>
      </div>
    </Empty>
  );
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
