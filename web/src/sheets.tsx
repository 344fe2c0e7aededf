import { SaveSearchSheet } from './albums/save-search-sheet.tsx';
import type { TokenKind } from './api/tokens.ts';
import { FailuresSheet } from './library/failures-sheet.tsx';
import { TokenSheet } from './library/token-sheet.tsx';
import { ShareSheet } from './share/share-sheet.tsx';
import type { SearchState } from './state/search-state.ts';
import { HelpSheet } from './ui/help-sheet.tsx';
import { LanguageSheet } from './ui/language-sheet.tsx';

export type SheetName = 'help' | 'failures' | 'save' | 'share' | TokenKind | 'language';

type SheetsProps = {
  readonly sheet: SheetName;
  readonly search: SearchState;
  /** The image that is open large. */
  readonly open: string | null;
  readonly onClose: () => void;
};

/** The small dialogs of the page, loaded with the first one that is opened. */
export default function Sheets({ sheet, search, open, onClose }: SheetsProps) {
  if (sheet === 'help') return <HelpSheet onClose={onClose} />;
  if (sheet === 'language') return <LanguageSheet onClose={onClose} />;
  if (sheet === 'save') return <SaveSearchSheet search={search} onClose={onClose} />;
  if (sheet === 'share') return <ShareSheet search={search} open={open} onClose={onClose} />;
  if (sheet === 'failures') return <FailuresSheet onClose={onClose} />;
  return <TokenSheet kind={sheet} onClose={onClose} />;
}
