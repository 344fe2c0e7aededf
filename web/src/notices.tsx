import type { Welcome } from './api/types.ts';
import { DemoBanner } from './library/demo-banner.tsx';
import type { Trouble } from './library/use-indexing.ts';
import { Complaint } from './ui/complaint.tsx';
import { t } from './ui/messages.ts';
import { wordError } from './ui/word-error.ts';

type NoticesProps = {
  readonly home: boolean;
  /** Undefined until the server has responded. */
  readonly welcome: Welcome | undefined;
  readonly offline: boolean;
  /** Why indexing waits; null while it does not. */
  readonly waitsFor: Trouble | null;
  /** Notes that the server does not have yet. */
  readonly unsentNotes: number;
  /** What did not work, until it is dismissed. */
  readonly complaints: readonly { readonly text: string | null | undefined; readonly dismiss: () => void }[];
};

/** What a person should know of the library and of what they did, above the images. */
export function Notices({ home, welcome, offline, waitsFor, unsentNotes, complaints }: NoticesProps) {
  return (
    <div className="notices" aria-live="polite">
      {welcome && <DemoBanner about={welcome.semblance} home={home} />}
      {offline && welcome && <p className="notice">{`${t.offlineTitle}. ${t.offlineText}`}</p>}
      {waitsFor && (
        <p className="notice">
          {t.indexingWaits(wordError(waitsFor.code) ?? `${waitsFor.message} ${waitsFor.advice}`)}
        </p>
      )}
      {unsentNotes > 0 && <p className="notice">{t.notesWaiting(unsentNotes)}</p>}
      {complaints.map(
        ({ text, dismiss }) => text && <Complaint key={text} text={text} onDismiss={dismiss} />,
      )}
    </div>
  );
}
