import { lazy, type RefObject, Suspense, useEffect, useEffectEvent, useRef } from 'react';
import { ACCEPTED_FILES } from '../../shared/catalog/formats.ts';
import { forgetTokens, hasToken } from './api/tokens.ts';
import type { Welcome } from './api/types.ts';
import { type Found, filesOfFolder } from './library/dropped-files.ts';
import type { LeftOut } from './listing/left-out.ts';
import { Places } from './places.tsx';
import { SearchBox } from './search/search-box.tsx';
import { filterCount, NO_SEARCH, type Place, type SearchState } from './state/search-state.ts';
import { SUGGESTIONS } from './suggestions.ts';
import { FilterIcon, Mark, UploadIcon } from './ui/icons.tsx';
import { Menu } from './ui/menu.tsx';
import type { MenuEntry } from './ui/menu-popover.tsx';
import { LANGUAGES, language, t } from './ui/messages.ts';
import { useNarrow } from './ui/use-narrow.ts';

const Chips = lazy(() => import('./search/chips.tsx'));

type TopProps = {
  /** On the start page the box is in the middle. */
  readonly home: boolean;
  readonly place: Place;
  readonly search: SearchState;
  /** References that the search goes on without. */
  readonly leftOut: readonly LeftOut[];
  readonly busy: boolean;
  readonly demo: boolean;
  readonly admin: boolean;
  readonly filtersOpen: boolean;
  readonly failureCount: number;
  readonly welcome: Welcome | undefined;
  readonly onChange: (change: Partial<SearchState>, options?: { replace?: boolean }) => void;
  readonly onHome: () => void;
  readonly onPlace: (place: Place) => void;
  readonly onImage: (file: File) => void;
  readonly onFilters: () => void;
  readonly onUpload: ((found: Found) => void) | undefined;
  readonly sharing: boolean;
  readonly onSheet: (sheet: 'help' | 'failures' | 'share' | 'admin' | 'language') => void;
};

/** The head of the page: name, search box, tools; on the start page large, with searches to try. */
export function Top(props: TopProps) {
  const { home, search, onChange, onFilters, filtersOpen, onUpload, onSheet, welcome, failureCount } = props;
  const input = useRef<HTMLInputElement>(null);
  // While the user types, the first letter is a step in the history and the rest change it.
  const typing = useRef(false);
  const narrow = useNarrow();
  useSlashKey(input, () => onSheet('help'));

  const setText = (text: string, settled: boolean) => {
    if (text !== search.text) onChange({ text }, { replace: typing.current });
    typing.current = !settled;
  };
  const filters = filterCount(search.filters);
  const locked = welcome?.admin_api.available && !welcome.admin_api.passed;
  const entries: MenuEntry[] = [
    { label: t.syntaxTitle, onChoose: () => onSheet('help') },
    ...(failureCount > 0
      ? [{ label: t.failures(failureCount), badge: failureCount, onChoose: () => onSheet('failures') }]
      : []),
    ...(locked ? [{ label: t.adminTitle, onChoose: () => onSheet('admin') }] : []),
    ...(onUpload ? [{ label: t.uploadFolder, onChoose: () => chooseFolder(onUpload) }] : []),
    ...(props.admin ? [{ label: t.placeTrash, onChoose: () => props.onPlace('trash') }] : []),
    ...(props.sharing ? [{ label: t.shareLinks, onChoose: () => onSheet('share') }] : []),
    ...(hasToken() ? [{ label: t.forgetTokens, onChoose: forgetAndReload }] : []),
    { label: `${t.language}: ${LANGUAGES[language]}`, onChoose: () => onSheet('language') },
  ];

  return (
    <header className="top" data-home={home || undefined}>
      <a
        className="brand"
        href="./"
        aria-label={t.home}
        onClick={event => {
          if (event.ctrlKey || event.metaKey) return;
          event.preventDefault();
          typing.current = false;
          props.onHome();
        }}
      >
        <Mark />
        <span>Semblance</span>
      </a>
      {home && <p className="tagline">{t.tagline}</p>}
      <SearchBox
        input={input}
        text={search.text}
        busy={props.busy}
        onText={setText}
        onImage={props.onImage}
        onClear={() => onChange({ ...NO_SEARCH, filters: search.filters })}
        hasChips={search.references.length > 0}
        chips={
          <Suspense>
            <Chips search={search} leftOut={props.leftOut} onChange={onChange} />
          </Suspense>
        }
      />
      {home && props.demo && <Suggestions onChoose={text => onChange({ text })} />}
      {!narrow && <Places place={props.place} onGo={props.onPlace} />}
      <div className="tools">
        <button
          type="button"
          className="round"
          aria-expanded={filtersOpen}
          aria-label={filters > 0 ? `${t.filters} (${filters})` : t.filters}
          title={t.filters}
          onClick={onFilters}
        >
          <FilterIcon />
          {filters > 0 && <span className="dot" />}
        </button>
        {onUpload && (
          <label className="round" title={t.upload}>
            <UploadIcon />
            <input
              type="file"
              multiple
              accept={ACCEPTED_FILES}
              aria-label={t.upload}
              onChange={event => {
                const files = [...(event.target.files ?? [])];
                onUpload({ images: files.map(file => ({ file, path: file.name })), others: 0 });
                event.target.value = '';
              }}
            />
          </label>
        )}
        <Menu entries={entries} />
      </div>
    </header>
  );
}

/** Both languages of a pair, the reader's own first. */
function Suggestions({ onChoose }: { readonly onChoose: (text: string) => void }) {
  const order = language === 'zh' ? (['zh', 'en'] as const) : (['en', 'zh'] as const);
  return (
    <ul className="suggestions" aria-label={t.tryThese}>
      {SUGGESTIONS.map(suggestion => (
        <li key={suggestion.en}>
          {order.map(name => (
            <button type="button" key={name} lang={name} onClick={() => onChoose(suggestion[name])}>
              {suggestion[name]}
            </button>
          ))}
        </li>
      ))}
    </ul>
  );
}

/** `/` goes to the search box, `?` lists the keys. */
function useSlashKey(input: RefObject<HTMLInputElement | null>, onHelp: () => void): void {
  const help = useEffectEvent(onHelp);
  useEffect(() => {
    const key = (event: KeyboardEvent) => {
      if (!['/', '?'].includes(event.key) || event.ctrlKey || event.metaKey || event.altKey) return;
      const { target } = event;
      if (target instanceof Element && target.closest('input, textarea, select, .sheet')) return;
      if (event.key === '?') {
        event.preventDefault();
        help();
        return;
      }
      if (document.querySelector('dialog[open]')) return;
      event.preventDefault();
      input.current?.focus();
      input.current?.select();
    };
    addEventListener('keydown', key);
    return () => removeEventListener('keydown', key);
  }, [input]);
}

/** Asks for a folder of the machine, to add the images in it. */
function chooseFolder(onUpload: (found: Found) => void): void {
  const input = document.createElement('input');
  input.type = 'file';
  input.webkitdirectory = true;
  input.onchange = () => onUpload(filesOfFolder([...(input.files ?? [])]));
  input.click();
}

function forgetAndReload(): void {
  forgetTokens();
  location.reload();
}
