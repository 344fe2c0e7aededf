import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { api } from '../api/api.ts';
import { t } from '../ui/messages.ts';
import { showToast } from '../ui/toast.tsx';
import { wordError } from '../ui/word-error.ts';

/** Deleted uploads, for who may restore them. */
export const useTrash = () =>
  useQuery({ queryKey: ['trash'], queryFn: ({ signal }) => api.trash(signal), staleTime: 0 });

/** Brings images back from the trash, and empties it. */
export function useTrashChanges() {
  const client = useQueryClient();
  const refresh = () =>
    Promise.all(['trash', 'sections', 'months'].map(key => client.invalidateQueries({ queryKey: [key] })));

  const restore = useMutation({
    mutationFn: (ids: readonly string[]) => api.restore([...ids]),
    onSuccess: results => {
      const failed = results.filter(({ ok }) => !ok);
      const [first] = failed;
      showToast({
        text: first
          ? `${t.notRestored(failed.length)} ${wordError(first.code ?? '') ?? first.detail ?? ''}`
          : t.restored(results.length),
      });
      return refresh();
    },
    onError: ({ message }) => showToast({ text: message }),
  });
  const empty = useMutation({
    mutationFn: (ids: readonly string[] | null) => api.emptyTrash(ids && [...ids]),
    onSettled: refresh,
    onError: ({ message }) => showToast({ text: message }),
  });
  return { restore, empty };
}
