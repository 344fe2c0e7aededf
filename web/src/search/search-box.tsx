import {
  type ChangeEvent,
  type FormEvent,
  type KeyboardEvent,
  type ReactNode,
  type RefObject,
  useEffect,
  useId,
  useRef,
  useState,
} from 'react';
import { ACCEPTED_FILES } from '../../../shared/catalog/formats.ts';
import { ClockIcon, CloseIcon, ImageIcon, SearchIcon } from '../ui/icons.tsx';
import { t } from '../ui/messages.ts';

/** ms after the last key stroke. */
const DEBOUNCE = 180;

/** Loaded when the user searches. */
const recents = () => import('./recent-searches.ts');

const rememberSearch = async (text: string): Promise<void> => (await recents()).rememberSearch(text);

type SearchBoxProps = {
  readonly input: RefObject<HTMLInputElement | null>;
  /** What the address says is being searched. */
  readonly text: string;
  /** `settled` after Enter; else the user is still typing. */
  readonly onText: (text: string, settled: boolean) => void;
  readonly onImage: (file: File) => void;
  readonly onClear: () => void;
  readonly busy: boolean;
  /** What else is part of the search, below the text. */
  readonly chips: ReactNode;
  readonly hasChips: boolean;
};

export function SearchBox(props: SearchBoxProps) {
  const { input, text, onText, onImage, onClear, busy, chips, hasChips } = props;
  const [typed, setTyped] = useState(text);
  const [recent, setRecent] = useState<readonly string[]>([]);
  const [chosen, setChosen] = useState(-1);
  const sent = useRef(text);
  const timer = useRef(0);
  const composing = useRef(false);
  const listId = useId();

  // Back, forward or a chip changed the search: the box follows.
  useEffect(() => {
    if (text === sent.current) return;
    sent.current = text;
    setTyped(text);
  }, [text]);
  useEffect(() => () => clearTimeout(timer.current), []);

  const showRecent = async () => {
    const searches = (await recents()).recentSearches();
    if (input.current?.value === '') setRecent(searches);
  };
  const send = (value: string, settled: boolean) => {
    clearTimeout(timer.current);
    sent.current = value;
    if (settled) void rememberSearch(value);
    onText(value, settled);
  };
  const type = (value: string) => {
    setTyped(value);
    setChosen(-1);
    if (value === '') void showRecent();
    else setRecent([]);
    clearTimeout(timer.current);
    if (!composing.current) timer.current = window.setTimeout(() => send(value, false), DEBOUNCE);
  };
  const settle = (value: string) => {
    setTyped(value);
    setRecent([]);
    setChosen(-1);
    send(value, true);
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    settle(recent[chosen] ?? typed);
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
    void showRecent();
  };
  const key = (event: KeyboardEvent) => {
    if (event.key === 'Escape') {
      if (recent.length > 0) setRecent([]);
      else input.current?.blur();
    }
    if (recent.length === 0 || (event.key !== 'ArrowDown' && event.key !== 'ArrowUp')) return;
    event.preventDefault();
    const step = event.key === 'ArrowDown' ? 1 : -1;
    // Through the list and, between its end and its beginning, back to the text.
    const stops = recent.length + 1;
    setChosen(((chosen + 1 + step + stops) % stops) - 1);
  };

  return (
    <search
      className="search-box"
      data-busy={busy || undefined}
      onBlur={event => {
        if (event.currentTarget.contains(event.relatedTarget)) return;
        setRecent([]);
        // What the user typed and then looked at is a search that they may want again.
        if (typed === text) void rememberSearch(text);
      }}
    >
      <form onSubmit={submit}>
        <span className="search-glass">
          <SearchIcon />
        </span>
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
          aria-controls={recent.length > 0 ? listId : undefined}
          aria-activedescendant={chosen >= 0 ? `${listId}-${chosen}` : undefined}
          placeholder={hasChips ? t.searchRefine : t.searchPlaceholder}
          onChange={event => type(event.target.value)}
          onFocus={showRecent}
          onClick={showRecent}
          onCompositionStart={() => {
            composing.current = true;
          }}
          onCompositionEnd={event => {
            composing.current = false;
            type(event.currentTarget.value);
          }}
          onKeyDown={key}
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
        {hasChips && chips}
      </form>
      {recent.length > 0 && (
        <div className="recent">
          <div role="listbox" id={listId} aria-label={t.recentSearches}>
            {recent.map((search, at) => (
              // biome-ignore lint/a11y/useKeyWithClickEvents: the keys are the input's, which has the focus
              <div
                role="option"
                tabIndex={-1}
                key={search}
                id={`${listId}-${at}`}
                aria-selected={at === chosen}
                onMouseDown={event => event.preventDefault()}
                onClick={() => settle(search)}
              >
                <ClockIcon />
                {search}
              </div>
            ))}
          </div>
          <button
            type="button"
            className="quiet"
            onClick={() => {
              setRecent([]);
              void recents().then(({ forgetSearches }) => forgetSearches());
            }}
          >
            {t.forgetSearches}
          </button>
        </div>
      )}
    </search>
  );
}
