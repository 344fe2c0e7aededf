import {
  type ChangeEvent,
  type FormEvent,
  type ReactNode,
  type RefObject,
  useEffect,
  useRef,
  useState,
} from 'react';
import { ACCEPTED_FILES } from '../../../shared/catalog/formats.ts';
import { CloseIcon, ImageIcon, SearchIcon } from '../ui/icons.tsx';
import { t } from '../ui/messages.ts';

/** ms after the last key stroke. */
const DEBOUNCE = 280;

type SearchBoxProps = {
  readonly input: RefObject<HTMLInputElement | null>;
  /** What the address says is being searched. */
  readonly text: string;
  /** `settled` once somebody says they are done (Enter), else while typing. */
  readonly onText: (text: string, settled: boolean) => void;
  readonly onImage: (file: File) => void;
  readonly onClear: () => void;
  readonly busy: boolean;
  /** Images that are part of the search, as removable chips. */
  readonly chips: ReactNode;
  readonly hasChips: boolean;
};

export function SearchBox(props: SearchBoxProps) {
  const { input, text, onText, onImage, onClear, busy, chips, hasChips } = props;
  const [typed, setTyped] = useState(text);
  const sent = useRef(text);
  const timer = useRef(0);
  const composing = useRef(false);

  // Back, forward or a chip changed the search: the box follows.
  useEffect(() => {
    if (text === sent.current) return;
    sent.current = text;
    setTyped(text);
  }, [text]);
  useEffect(() => () => clearTimeout(timer.current), []);

  const send = (value: string, settled: boolean) => {
    clearTimeout(timer.current);
    sent.current = value;
    onText(value, settled);
  };
  const type = (value: string) => {
    setTyped(value);
    clearTimeout(timer.current);
    if (!composing.current) timer.current = window.setTimeout(() => send(value, false), DEBOUNCE);
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    send(typed, true);
  };
  const choose = (event: ChangeEvent<HTMLInputElement>) => {
    const file = event.target.files?.[0];
    if (file) onImage(file);
    event.target.value = '';
  };
  const clear = () => {
    clearTimeout(timer.current);
    sent.current = '';
    setTyped('');
    onClear();
    input.current?.focus();
  };

  return (
    <search className="search-box" data-busy={busy || undefined}>
      <form onSubmit={submit}>
        <span className="search-glass">
          <SearchIcon />
        </span>
        {chips}
        <input
          ref={input}
          type="search"
          value={typed}
          maxLength={512}
          enterKeyHint="search"
          autoComplete="off"
          autoCapitalize="none"
          spellCheck={false}
          aria-label={t.searchLabel}
          aria-keyshortcuts="/"
          placeholder={hasChips ? t.searchRefine : t.searchPlaceholder}
          onChange={event => type(event.target.value)}
          onCompositionStart={() => {
            composing.current = true;
          }}
          onCompositionEnd={event => {
            composing.current = false;
            type(event.currentTarget.value);
          }}
          onKeyDown={event => {
            if (event.key === 'Escape') input.current?.blur();
          }}
        />
        {typed !== '' || hasChips ? (
          <button type="button" className="round" onClick={clear} aria-label={t.clear} title={t.clear}>
            <CloseIcon />
          </button>
        ) : (
          <span className="search-key" aria-hidden="true">
            /
          </span>
        )}
        <label className="round search-image" title={t.byImage}>
          <ImageIcon />
          <input type="file" accept={ACCEPTED_FILES} onChange={choose} aria-label={t.byImage} />
        </label>
      </form>
    </search>
  );
}
