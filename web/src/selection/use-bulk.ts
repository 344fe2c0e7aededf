import { useMutation, useQueryClient } from '@tanstack/react-query';
import { api } from '../api/api.ts';
import { inBatches } from '../api/in-batches.ts';
import type { Image } from '../api/types.ts';
import { clearSelection, currentSelection, setSelection } from '../grid/selection.ts';
import { useTrashChanges } from '../library/use-trash.ts';
import type { LoadedPart } from '../listing/listing.ts';
import { refreshLibrary } from '../listing/refresh-library.ts';
import { forgetImages } from '../listing/shape-store.ts';
import { t } from '../ui/messages.ts';
import { showToast } from '../ui/toast.tsx';
import type { CategoryChange } from './category-sheet.tsx';
import { downloadImages } from './download.ts';

type Outcome = { readonly id: string; readonly ok: boolean; readonly code: string | null };

/** Changes of many images at once; they show when the server has made them, and `trouble` says which it has not. */
export function useBulk() {
  const client = useQueryClient();
  const { restore } = useTrashChanges();

  const apply = (ids: ReadonlySet<string>, alter: (image: Image) => Image | null) => {
    client.setQueriesData<LoadedPart>({ queryKey: ['search'] }, part => {
      if (!part?.result.some(({ img }) => ids.has(img.id))) return part;
      return {
        ...part,
        result: part.result.flatMap(hit => {
          const img = ids.has(hit.img.id) ? alter(hit.img) : hit.img;
          return img ? [{ ...hit, img }] : [];
        }),
      };
    });
    setSelection(
      new Map(
        [...currentSelection()].map(([id, image]) => [id, image && ids.has(id) ? alter(image) : image]),
      ),
    );
  };
  // Also what failed: the first of several requests may have changed something.
  const onSettled = () => void refreshLibrary(client);

  const star = useMutation({
    mutationFn: ({ ids, starred }: { ids: readonly string[]; starred: boolean }) =>
      inBatches(ids, batch => api.updateMany(batch, { starred })),
    onSuccess: (outcomes, { starred }) => apply(done(outcomes), image => ({ ...image, starred })),
    onSettled,
  });
  const categorize = useMutation({
    mutationFn: ({ ids, change }: { ids: readonly string[]; change: CategoryChange }) =>
      inBatches(ids, batch =>
        api.updateMany(
          batch,
          'add' in change ? { add_categories: [...change.add] } : { remove_categories: [...change.remove] },
        ),
      ),
    onSuccess: (outcomes, { change }) =>
      apply(done(outcomes), image => ({ ...image, categories: withChange(image.categories ?? [], change) })),
    onSettled,
  });
  const remove = useMutation({
    mutationFn: (ids: readonly string[]) => inBatches(ids, batch => api.removeMany(batch)),
    onSuccess: outcomes => {
      const gone = done(outcomes);
      apply(gone, () => null);
      forgetImages(gone);
      clearSelection();
      if (gone.size > 0)
        showToast({
          text: t.trashed(gone.size),
          action: { label: t.undo, run: () => restore.mutate([...gone]) },
        });
    },
    onSettled,
  });

  const download = useMutation({ mutationFn: downloadImages });

  const changes = [star, categorize, remove];
  const all = [...changes, download];
  const rejected = changes.flatMap(({ data }) => data?.filter(({ ok }) => !ok) ?? []);
  return {
    star,
    categorize,
    remove,
    download,
    busy: all.some(({ isPending }) => isPending) ? t.working : null,
    trouble:
      all.find(({ error }) => error)?.error?.message ?? (rejected.length > 0 ? troubleOf(rejected) : null),
    reset: () => {
      for (const mutation of all) mutation.reset();
    },
  };
}

const done = (outcomes: readonly Outcome[]): ReadonlySet<string> =>
  new Set(outcomes.filter(({ ok }) => ok).map(({ id }) => id));

const withChange = (categories: readonly string[], change: CategoryChange): string[] =>
  'add' in change
    ? [...new Set([...categories, ...change.add])]
    : categories.filter(name => !change.remove.includes(name));

/** One reason for all of them where there is only one, which is the usual case. */
function troubleOf(rejected: readonly Outcome[]): string {
  const codes = new Set(rejected.map(({ code }) => code));
  const [code] = codes;
  const owned = codes.size === 1 && code === 'not_an_upload';
  return owned ? t.someAreYours(rejected.length) : t.someRejected(rejected.length);
}
