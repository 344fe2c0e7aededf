import type { ReactNode } from 'react';
import { t } from './messages.ts';
import { Sheet } from './modal.tsx';

/** How to search, and all keys. */
export function HelpSheet({ onClose }: { readonly onClose: () => void }) {
  return (
    <Sheet label={t.syntaxTitle} onClose={onClose}>
      <dl className="help">
        <dt>
          <code>{t.syntaxExample}</code>
        </dt>
        <dd>{t.syntaxMeaning}</dd>
        <dt>
          <code>{t.syntaxWithoutExample}</code>
        </dt>
        <dd>{t.syntaxWithout}</dd>
        <dt>
          <code>"新年快乐"</code>
          <code>"sale"</code>
        </dt>
        <dd>{t.syntaxWords}</dd>
        <Keys keys={['Ctrl V']}>{t.syntaxImage}</Keys>
      </dl>
      <h3>{t.keysTitle}</h3>
      <dl className="help">
        <Keys keys={['?']}>{t.keyHelp}</Keys>
        <Keys keys={['/']}>{t.keySearch}</Keys>
        <Keys keys={['←', '→', '↑', '↓']}>{t.keyArrows}</Keys>
        <Keys keys={['Enter']}>{t.keyOpen}</Keys>
        <Keys keys={['Space', 'X']}>{t.keySelect}</Keys>
        <Keys keys={['S']}>{t.star}</Keys>
        <Keys keys={['M']}>{t.moreLikeThis}</Keys>
        <Keys keys={['Esc']}>{t.keyEscape}</Keys>
      </dl>
      <h3>{t.keysView}</h3>
      <dl className="help">
        <Keys keys={['←', '→']}>{t.keyWalk}</Keys>
        <Keys keys={['+', '−']}>{t.keyZoom}</Keys>
        <Keys keys={['0', '1']}>{t.keyWhole}</Keys>
        <Keys keys={['R']}>{t.keyTurn}</Keys>
        <Keys keys={['S']}>{t.keySlideshow}</Keys>
        <Keys keys={['F']}>{t.keyFullScreen}</Keys>
      </dl>
    </Sheet>
  );
}

const Keys = ({ keys, children }: { readonly keys: readonly string[]; readonly children: ReactNode }) => (
  <>
    <dt>
      {keys.map(name => (
        <kbd key={name}>{name}</kbd>
      ))}
    </dt>
    <dd>{children}</dd>
  </>
);
