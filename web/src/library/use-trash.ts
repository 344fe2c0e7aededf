import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { api } from '../api/api.ts';
import { inBatches } from '../api/in-batches.ts';
import { refreshLibrary } from '../listing/refresh-library.ts';
import { t } from '../ui/messages.ts';
import { showToast } from '../ui/toast.tsx';
import { wordError } from '../ui/word-error.ts';

/** Deleted uploads, for who may restore them. */
export const useTrash = () =>
  useQuery({ queryKey: ['trash'], queryFn: ({ signal }) => api.trash(signal), staleTime: 0 });

/** Brings images back from the trash, and empties it. */
export function useTrashChanges() {
  const client = useQueryClient();
  // Also where a request failed: those before it may have changed something.
  const onSettled = () => refreshLibrary(client);

  const restore = useMutation({
    mutationFn: (ids: readonly string[]) => inBatches(ids, api.restore),
    onSuccess: results => {
      const failed = results.filter(({ ok }) => !ok);
      const [first] = failed;
      showToast({
        text: first
          ? `${t.notRestored(failed.length)} ${wordError(first.code ?? '') ?? first.detail ?? ''}`
          : t.restored(results.length),
      });
    },
    onSettled,
    onError: ({ message }) => showToast({ text: message }),
  });
  const empty = useMutation({
    // By the ids that are shown: what was deleted elsewhere meanwhile, nobody has agreed to.
    mutationFn: (ids: readonly string[]) => inBatches(ids, async batch => [await api.emptyTrash(batch)]),
    onSettled,
    onError: ({ message }) => showToast({ text: message }),
  });
  return { restore, empty };
}
