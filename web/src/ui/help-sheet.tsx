import { t } from './messages.ts';
import { Sheet } from './modal.tsx';

/** How to search, and the keys. */
export function HelpSheet({ onClose }: { readonly onClose: () => void }) {
  return (
    <Sheet label={t.syntaxTitle} onClose={onClose}>
      <dl className="help">
        <dt>
          <code>dog on a beach</code>
          <code>雪山日出</code>
        </dt>
        <dd>{t.syntaxMeaning}</dd>
        <dt>
          <code>dog -cat</code>
        </dt>
        <dd>{t.syntaxWithout}</dd>
        <dt>
          <code>"新年快乐"</code>
          <code>"sale"</code>
        </dt>
        <dd>{t.syntaxWords}</dd>
        <dt>
          <kbd>Ctrl</kbd> <kbd>V</kbd>
        </dt>
        <dd>{t.syntaxImage}</dd>
      </dl>
      <h3>{t.keysTitle}</h3>
      <dl className="help">
        <dt>
          <kbd>/</kbd>
        </dt>
        <dd>{t.keySearch}</dd>
        <dt>
          <kbd>←</kbd> <kbd>→</kbd> <kbd>↑</kbd> <kbd>↓</kbd>
        </dt>
        <dd>{t.keyArrows}</dd>
        <dt>
          <kbd>Esc</kbd>
        </dt>
        <dd>{t.keyEscape}</dd>
      </dl>
    </Sheet>
  );
}
