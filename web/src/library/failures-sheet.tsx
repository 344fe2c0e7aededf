import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { api } from '../api/api.ts';
import type { Failure } from '../api/types.ts';
import { t } from '../ui/messages.ts';
import { Sheet } from '../ui/modal.tsx';
import { wordError } from '../ui/word-error.ts';
import { useFailures } from './use-failures.ts';

/** Images that could not be indexed; only requested where the user may see them. */
export function FailuresSheet({ onClose }: { readonly onClose: () => void }) {
  const client = useQueryClient();
  const failures = useFailures(true);
  const retry = useMutation({
    mutationFn: (ids?: string[]) => api.retry(ids),
    onSettled: () => client.invalidateQueries({ queryKey: ['failures'] }),
  });
  const list = failures.data ?? [];
  return (
    <Sheet label={t.failuresTitle} onClose={onClose}>
      {failures.error && <p className="alarm">{failures.error.message}</p>}
      {failures.isSuccess && <p className="soft">{list.length === 0 ? t.failuresNone : t.failuresText}</p>}
      <PassedOver />
      {retry.error && <p className="alarm">{retry.error.message}</p>}
      <ul className="failures">
        {list.map(failure => (
          <FailureRow key={failure.id} failure={failure} onRetry={() => retry.mutate([failure.id])} />
        ))}
      </ul>
      {list.length > 1 && (
        <footer className="sheet-foot">
          <button
            type="button"
            className="main"
            disabled={retry.isPending}
            onClick={() => retry.mutate(undefined)}
          >
            {t.retryAll}
          </button>
        </footer>
      )}
    </Sheet>
  );
}

const KINDS = ['sidecars', 'videos', 'audio', 'documents', 'others'] as const;

/** How many files of the folder are no images. */
function PassedOver() {
  const info = useQuery({ queryKey: ['failures', 'info'], queryFn: ({ signal }) => api.serverInfo(signal) });
  const counts = info.data?.passed_over;
  const parts = KINDS.filter(kind => counts && counts[kind] > 0).map(kind =>
    t.passedOverKinds[kind](counts?.[kind] ?? 0),
  );
  return parts.length === 0 ? null : <p className="soft">{t.passedOver(parts.join(', '))}</p>;
}

function FailureRow({ failure, onRetry }: { readonly failure: Failure; readonly onRetry: () => void }) {
  // English is the server's own; in other languages the code is worded here.
  const known = wordError(failure.code, failure.parameters);
  return (
    <li>
      <div>
        <strong>{failure.key}</strong>
        {known ? (
          <p title={failure.message}>{known}</p>
        ) : (
          <>
            <p>{failure.message}</p>
            <p className="soft">{failure.advice}</p>
          </>
        )}
      </div>
      <button type="button" className="quiet" onClick={onRetry}>
        {t.retryOne}
      </button>
    </li>
  );
}
