import { useState } from 'react';
import type { Welcome } from '../api/types.ts';
import { CloseIcon } from '../ui/icons.tsx';
import { language, t } from '../ui/messages.ts';

const DISMISSED = 'semblance.demo-banner-dismissed';

type DemoBannerProps = { readonly about: Welcome['semblance']; readonly home: boolean };

/**
 * Says on the start page what the demo model knows and how to get the real one. Where the demo model is used
 * for another, every place of the page says so, and it can't be dismissed.
 */
export function DemoBanner({ about, home }: DemoBannerProps) {
  const [dismissed, setDismissed] = useState(() => sessionStorage.getItem(DISMISSED) !== null);
  if (about.notice !== null) {
    return (
      <aside className="banner" data-tone="warn">
        <p>{language === 'en' ? about.notice : t.demoStandsIn}</p>
      </aside>
    );
  }
  if (!about.model.demo || !home || dismissed) return null;
  const dismiss = () => {
    sessionStorage.setItem(DISMISSED, '1');
    setDismissed(true);
  };
  return (
    <aside className="banner">
      <p>
        <strong>{t.demoTitle}</strong> {t.demoText} <code>npm start -- ~/Pictures</code>
      </p>
      <button type="button" className="round" onClick={dismiss} aria-label={t.dismiss} title={t.dismiss}>
        <CloseIcon />
      </button>
    </aside>
  );
}
