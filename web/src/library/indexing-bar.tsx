import { formatCount, formatDuration, formatRate } from '../ui/format.ts';
import { t } from '../ui/messages.ts';
import type { Progress } from './follow-events.ts';

/** A thin bar: "1,234 of 5,000 · 12 images/s · 5 min left". */
export function IndexingBar({ progress }: { readonly progress: Progress }) {
  const { stage, done, total, picturesPerSecond, secondsLeft } = progress;
  const label = stage === 'words' ? t.readingLabel : t.indexingLabel;
  const facts = [
    t.indexing(formatCount(done), formatCount(total)),
    ...(picturesPerSecond > 0 ? [t.rate(formatRate(picturesPerSecond))] : []),
    ...(secondsLeft === null ? [] : [t.timeLeft(formatDuration(secondsLeft))]),
  ];
  return (
    <div className="indexing">
      <progress value={done} max={total} aria-label={label} />
      <span className="indexing-text">
        <span className="indexing-label">{label}</span> {facts.join(' · ')}
      </span>
    </div>
  );
}
