import { CloseIcon, LeftIcon, RightIcon } from '../ui/icons.tsx';
import { t } from '../ui/messages.ts';

type WalkButtonsProps = {
  readonly hasBefore: boolean;
  readonly hasAfter: boolean;
  readonly onWalk: (step: 1 | -1) => void;
  readonly onClose: () => void;
};

/** The buttons on a large image that lead to its neighbours, and back to the grid. */
export function WalkButtons({ hasBefore, hasAfter, onWalk, onClose }: WalkButtonsProps) {
  return (
    <>
      {hasBefore && (
        <button
          type="button"
          className="view-walk view-before"
          onClick={() => onWalk(-1)}
          aria-label={t.previous}
        >
          <LeftIcon />
        </button>
      )}
      {hasAfter && (
        <button type="button" className="view-walk view-after" onClick={() => onWalk(1)} aria-label={t.next}>
          <RightIcon />
        </button>
      )}
      <button type="button" className="view-close" onClick={onClose} aria-label={t.close}>
        <CloseIcon />
      </button>
    </>
  );
}
