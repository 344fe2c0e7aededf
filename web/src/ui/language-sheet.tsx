import { isLanguage, LANGUAGES, language, switchLanguage, t } from './messages.ts';
import { Sheet } from './modal.tsx';

/** The languages that the page speaks, each by its own name. */
export function LanguageSheet({ onClose }: { readonly onClose: () => void }) {
  return (
    <Sheet label={t.language} onClose={onClose}>
      <ul className="languages">
        {Object.keys(LANGUAGES)
          .filter(isLanguage)
          .map(name => (
            <li key={name}>
              <button
                type="button"
                className={name === language ? 'main' : 'plain'}
                lang={name}
                aria-pressed={name === language}
                onClick={() => switchLanguage(name)}
              >
                {LANGUAGES[name]}
              </button>
            </li>
          ))}
      </ul>
    </Sheet>
  );
}
