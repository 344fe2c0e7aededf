import { formatCount, formatDuration, formatRate } from '../ui/format.ts';
import { t } from '../ui/messages.ts';
import type { Progress } from './follow-events.ts';

/** A thin bar: "1,234 of 5,000 · 2 in work · 12 images/s · 5 min left · then words in 40". */
export function IndexingBar({ progress }: { readonly progress: Progress }) {
  const { stage, done, total, picturesPerSecond, secondsLeft, words } = progress;
  const { inWork } = progress[stage];
  const wordsLeft = words.total - words.done;
  const label = stage === 'words' ? t.readingLabel : t.indexingLabel;
  const facts = [
    t.indexing(formatCount(done), formatCount(total)),
    ...(inWork > 0 ? [t.inWork(formatCount(inWork))] : []),
    ...(picturesPerSecond > 0 ? [t.rate(formatRate(picturesPerSecond))] : []),
    ...(secondsLeft === null ? [] : [t.timeLeft(formatDuration(secondsLeft))]),
    ...(stage === 'pictures' && wordsLeft > 0 ? [t.thenWords(formatCount(wordsLeft))] : []),
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
