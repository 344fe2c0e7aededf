import { type ReactNode, useEffect, useState } from 'react';
import { Button, Dialog, DialogTrigger, Popover, Toolbar } from 'react-aria-components';
import { clearSelection, type Selection, useSelection } from '../grid/selection.ts';
import {
  AlbumIcon,
  CloseIcon,
  DownloadIcon,
  SimilarIcon,
  StarIcon,
  TagIcon,
  TrashIcon,
  UnlikeIcon,
} from '../ui/icons.tsx';
import { t } from '../ui/messages.ts';
import { type CategoryChange, CategorySheet } from './category-sheet.tsx';

export type SelectionActions = {
  readonly like: (ids: readonly string[], weight: 1 | -1) => void;
  readonly download: (ids: readonly string[]) => void;
  /** Makes one image the cover of the album that is shown; absent elsewhere. */
  readonly cover: ((id: string) => void) | undefined;
  /** Absent where images can't be edited. */
  readonly star: ((ids: readonly string[], starred: boolean) => void) | undefined;
  readonly categorize: ((ids: readonly string[], change: CategoryChange) => void) | undefined;
  readonly remove: ((ids: readonly string[]) => void) | undefined;
};

type SelectionBarProps = {
  readonly actions: SelectionActions;
  readonly knownCategories: readonly string[];
  /** What is under way, such as a download; null for nothing. */
  readonly busy: string | null;
};

/** What can be done with the selected images. */
export default function SelectionBar({ actions, knownCategories, busy }: SelectionBarProps) {
  const selection = useSelection();
  useBodyMark(selection.size > 0);
  if (selection.size === 0) return null;
  const ids = [...selection.keys()];
  const { star, categorize, remove, cover } = actions;
  const allStarred = [...selection.values()].every(image => image?.starred);
  return (
    <section className="selection" aria-label={t.selection}>
      <Toolbar aria-label={t.selection} className="selection-tools">
        <Act label={t.clearSelection} onPress={clearSelection}>
          <CloseIcon />
        </Act>
        <strong className="selection-count" role="status">
          {busy ?? t.selected(selection.size)}
        </strong>
        <Act label={t.moreLikeThese} onPress={() => actions.like(ids, 1)}>
          <SimilarIcon />
        </Act>
        <Act label={t.lessLikeThese} onPress={() => actions.like(ids, -1)}>
          <UnlikeIcon />
        </Act>
        {star && (
          <Act label={allStarred ? t.unstar : t.star} onPress={() => star(ids, !allStarred)}>
            <StarIcon />
          </Act>
        )}
        {categorize && (
          <DialogTrigger>
            <Button className="round" aria-label={t.categorize}>
              <TagIcon />
            </Button>
            <Popover className="popover" placement="top" isNonModal>
              <Dialog aria-label={t.categorize}>
                <CategorySheet
                  counts={categoryCounts(selection)}
                  of={selection.size}
                  known={knownCategories}
                  onChange={change => categorize(ids, change)}
                />
              </Dialog>
            </Popover>
          </DialogTrigger>
        )}
        <Act label={t.downloadThese} onPress={() => actions.download(ids)}>
          <DownloadIcon />
        </Act>
        {cover && ids.length === 1 && (
          <Act label={t.useAsCover} onPress={() => cover(ids[0] ?? '')}>
            <AlbumIcon />
          </Act>
        )}
        {remove && <Remove count={ids.length} onRemove={() => remove(ids)} />}
      </Toolbar>
    </section>
  );
}

type ActProps = { readonly label: string; readonly onPress: () => void; readonly children: ReactNode };

function Act({ label, onPress, children }: ActProps) {
  return (
    <Button className="round" aria-label={label} onPress={onPress} {...{ title: label }}>
      {children}
    </Button>
  );
}

/** Asks once more before it deletes. */
function Remove({ count, onRemove }: { readonly count: number; readonly onRemove: () => void }) {
  const [asked, setAsked] = useState(false);
  if (asked)
    return (
      <Button
        className="main danger"
        autoFocus
        onBlur={() => setAsked(false)}
        onPress={() => {
          setAsked(false);
          onRemove();
        }}
      >
        {t.removeThese(count)}
      </Button>
    );
  return (
    <Act label={t.remove} onPress={() => setAsked(true)}>
      <TrashIcon />
    </Act>
  );
}

/** How many of the selected images have each category. */
function categoryCounts(selection: Selection): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const image of selection.values())
    for (const name of image?.categories ?? []) counts.set(name, (counts.get(name) ?? 0) + 1);
  return counts;
}

/** While something is selected every tile shows its check, and Escape ends it. */
function useBodyMark(selecting: boolean): void {
  useEffect(() => {
    if (!selecting) return;
    document.body.dataset['selecting'] = '';
    const key = (event: KeyboardEvent) => {
      const taken =
        event.target instanceof Element && event.target.closest('input, textarea, dialog, [role="dialog"]');
      if (event.key === 'Escape' && !taken) clearSelection();
    };
    addEventListener('keydown', key);
    return () => {
      delete document.body.dataset['selecting'];
      removeEventListener('keydown', key);
    };
  }, [selecting]);
}
