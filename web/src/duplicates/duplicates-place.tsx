import { useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query';
import { lazy, Suspense, useState } from 'react';
import { api } from '../api/api.ts';
import type { Image } from '../api/types.ts';
import { useTrashChanges } from '../library/use-trash.ts';
import { refreshLibrary } from '../listing/refresh-library.ts';
import { forgetImages } from '../listing/shape-store.ts';
import { formatBytes } from '../ui/format.ts';
import { t } from '../ui/messages.ts';
import { NearEnd } from '../ui/near-end.tsx';
import { saveFile } from '../ui/save-file.ts';
import { showToast } from '../ui/toast.tsx';
import { type Decisions, decide } from './decide.ts';
import { type Decided, DuplicateGroup } from './duplicate-group.tsx';
import { exportTable, inheritance, isDeletable } from './keeper.ts';

const Compare = lazy(() => import('./compare.tsx'));

type DuplicatesProps = {
  readonly admin: boolean;
  readonly onShow: (id: string) => void;
};

/** Groups of images that look the same: which one stays, which ones go. */
export default function DuplicatesPlace({ admin, onShow }: DuplicatesProps) {
  const client = useQueryClient();
  const [decisions, setDecisions] = useState<Decisions>(new Map());
  const [compared, setCompared] = useState<readonly Image[] | null>(null);
  const [asked, setAsked] = useState(false);
  const query = useInfiniteQuery({
    queryKey: ['duplicates'],
    initialPageParam: null as string | null,
    queryFn: ({ pageParam, signal }) => api.allDuplicates(pageParam, signal),
    getNextPageParam: last => last.next ?? undefined,
  });
  const groups = (query.data?.pages.flatMap(page => page.groups) ?? []).map(images =>
    decide(images, decisions),
  );

  const { restore } = useTrashChanges();
  const clean = useMutation({
    mutationFn: async (cleaned: readonly Decided[]) => {
      const removed: string[] = [];
      for (const { keep, trash } of cleaned) {
        const own = trash.filter(isDeletable);
        const [keeper] = keep;
        if (!keeper || own.length === 0) continue;
        // First the keeper gets the annotations of the others: whatever happens then, none of them is lost.
        const change = inheritance(keeper, own);
        if (change) await api.updateMany([keeper.id], change);
        const outcomes = await api.removeMany(own.map(({ id }) => id));
        removed.push(...outcomes.filter(({ ok }) => ok).map(({ id }) => id));
      }
      return removed;
    },
    onSettled: removed => {
      setAsked(false);
      forgetImages(new Set(removed ?? []));
      if (removed && removed.length > 0)
        showToast({
          text: t.trashed(removed.length),
          action: { label: t.undo, run: () => restore.mutate(removed) },
        });
      void refreshLibrary(client);
    },
  });

  const none = query.isSuccess && groups.length === 0 && !query.hasNextPage;
  const going = groups.flatMap(({ trash }) => trash);
  const own = going.filter(isDeletable);
  const bytes = going.reduce((sum, image) => sum + image.bytes, 0);
  return (
    <main className="place">
      <header className="place-head">
        <div>
          <h1>{t.duplicatesTitle}</h1>
          <p className="soft" role="status">
            {query.isPending
              ? t.searching
              : none
                ? t.duplicatesNone
                : t.duplicatesCount(groups.length, going.length, formatBytes(bytes))}
          </p>
        </div>
        {going.length > 0 && (
          <div className="place-actions">
            <button
              type="button"
              className="plain"
              onClick={() =>
                saveFile('duplicates.csv', new Blob([exportTable(groups)], { type: 'text/csv' }))
              }
            >
              {t.exportList}
            </button>
            {admin && own.length > 0 && (
              <button
                type="button"
                className={asked ? 'main danger' : 'main'}
                disabled={clean.isPending}
                onBlur={() => setAsked(false)}
                onClick={() => (asked ? clean.mutate(groups) : setAsked(true))}
              >
                {asked ? t.removeThese(own.length) : t.trashAll(own.length)}
              </button>
            )}
          </div>
        )}
      </header>
      {groups.length > 0 && <p className="soft place-note">{t.duplicatesText}</p>}
      {(query.error ?? clean.error) && <p className="alarm">{(query.error ?? clean.error)?.message}</p>}
      <div className="duplicate-groups">
        {groups.map(group => (
          <DuplicateGroup
            key={group.key}
            group={group}
            busy={clean.isPending}
            onShow={onShow}
            onCompare={() => setCompared([...group.keep, ...group.trash])}
            onDecide={trash =>
              setDecisions(
                new Map([...decisions, ...group.images.map(({ id }) => [id, trash.has(id)] as const)]),
              )
            }
            onClean={admin && group.trash.some(isDeletable) ? () => clean.mutate([group]) : undefined}
          />
        ))}
      </div>
      {query.hasNextPage && (
        <NearEnd ready={!query.isFetching && !query.isError} onNear={() => query.fetchNextPage()} />
      )}
      {compared && (
        <Suspense>
          <Compare images={compared} onClose={() => setCompared(null)} />
        </Suspense>
      )}
    </main>
  );
}
