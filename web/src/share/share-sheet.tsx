import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { canBeKept } from '../albums/can-be-kept.ts';
import { keptQueryOf, searchOfKept } from '../albums/kept-query.ts';
import { api } from '../api/api.ts';
import type { Share, Shown } from '../api/types.ts';
import { filterCount, hasQuery, type SearchState } from '../state/search-state.ts';
import { formatMoment } from '../ui/format.ts';
import { t } from '../ui/messages.ts';
import { Sheet } from '../ui/modal.tsx';
import { CopyButton } from '../view/copy-button.tsx';

/** s */
const TIMES = { hour: 3600, day: 86_400, week: 604_800, month: 2_592_000 } as const;
type Time = keyof typeof TIMES;
const isTime = (name: string): name is Time => Object.hasOwn(TIMES, name);

type ShareSheetProps = {
  readonly search: SearchState;
  /** The image that is open large. */
  readonly open: string | null;
  readonly onClose: () => void;
};

/** Makes links that show one image or one search to strangers, and revokes them. */
export function ShareSheet({ search, open, onClose }: ShareSheetProps) {
  const client = useQueryClient();
  const shares = useQuery({ queryKey: ['shares'], queryFn: ({ signal }) => api.shares(signal) });
  const changed = () => client.invalidateQueries({ queryKey: ['shares'] });
  const revoke = useMutation({ mutationFn: api.revokeShare, onSettled: changed });
  const shown = whatIsShown(search, open);
  const list = (shares.data ?? []).toReversed();
  const error = shares.error ?? revoke.error;
  return (
    <Sheet label={t.shareLinks} onClose={onClose}>
      {shown && <MakeLink shown={shown} onMade={changed} />}
      {error && <p className="alarm">{error.message}</p>}
      {shares.isSuccess && list.length === 0 && <p className="soft">{t.shareNone}</p>}
      <ul className="failures">
        {list.map(share => (
          <li key={share.id}>
            <div>
              <strong>{nameOfShare(share)}</strong>
              <p className="soft">{t.shareUntil(formatMoment(share.expires_at))}</p>
              <a href={linkOf(share)}>{linkOf(share)}</a>
            </div>
            <CopyButton text={linkOf(share)} label={t.copyLink} />
            <button type="button" className="quiet danger" onClick={() => revoke.mutate(share.id)}>
              {t.revoke}
            </button>
          </li>
        ))}
      </ul>
    </Sheet>
  );
}

function MakeLink({ shown, onMade }: { readonly shown: Shown; readonly onMade: () => void }) {
  const [time, setTime] = useState<Time>('week');
  const make = useMutation({ mutationFn: () => api.share(shown, TIMES[time]), onSuccess: onMade });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    make.mutate();
  };
  return (
    <form className="token" onSubmit={submit}>
      <p className="soft">{t.shareText}</p>
      <label>
        {t.shareFor}
        <select value={time} onChange={event => isTime(event.target.value) && setTime(event.target.value)}>
          {Object.keys(TIMES)
            .filter(isTime)
            .map(name => (
              <option key={name} value={name}>
                {t.shareTimes[name]}
              </option>
            ))}
        </select>
      </label>
      {make.error && <p className="alarm">{make.error.message}</p>}
      <footer className="sheet-foot">
        <button type="submit" className="main" disabled={make.isPending}>
          {'image_id' in shown ? `${t.shareMake}: ${t.shareImage}` : `${t.shareMake}: ${t.shareSearch}`}
        </button>
      </footer>
    </form>
  );
}

function whatIsShown(search: SearchState, open: string | null): Shown | null {
  if (open !== null) return { image_id: open };
  const asks = hasQuery(search) || filterCount(search.filters) > 0;
  return asks && canBeKept(search) ? { query: keptQueryOf(search) } : null;
}

const linkOf = ({ token }: Share): string => new URL(`./?share=${token}`, document.baseURI).href;

function nameOfShare({ image_id: image, query }: Share): string {
  if (image !== null) return t.image;
  const { text, filters } = searchOfKept(query);
  return text || filters.categories.join(', ') || t.shareSearch;
}
