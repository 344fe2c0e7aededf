import { useState } from 'react';
import type { Welcome } from '../api/types.ts';
import { CloseIcon } from '../ui/icons.tsx';
import { t } from '../ui/messages.ts';

const DISMISSED = 'semblance.demo-banner-dismissed';

/** Says what the demo model knows and how to get the real one; for one's own folder it can't be put away. */
export function DemoBanner({ welcome }: { readonly welcome: Welcome }) {
  const [dismissed, setDismissed] = useState(() => sessionStorage.getItem(DISMISSED) !== null);
  const about = welcome.semblance;
  if (!about?.model.demo) return null;
  const demoGallery = about.gallery === 'demo';
  if (demoGallery && dismissed) return null;
  const dismiss = () => {
    sessionStorage.setItem(DISMISSED, '1');
    setDismissed(true);
  };
  return (
    <aside className="banner" data-tone={demoGallery ? 'calm' : 'warn'}>
      <p>
        <strong>{demoGallery ? t.demoTitle : t.fallbackTitle}</strong>{' '}
        {demoGallery ? t.demoText : t.fallbackText}{' '}
        <code>{demoGallery ? 'npm start -- ~/Pictures' : 'npm run semblance -- models pull'}</code>
      </p>
      {demoGallery && (
        <button type="button" className="round" onClick={dismiss} aria-label={t.dismiss} title={t.dismiss}>
          <CloseIcon />
        </button>
      )}
    </aside>
  );
}
