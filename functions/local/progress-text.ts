import type { LibraryEvent } from '../../shared/indexing/library.ts';
import { formatDuration, progressBar } from '../../shared/progress.ts';

export type Progress = Extract<LibraryEvent, { type: 'progress' }>;

/** `[####------] 120 of 298  14.2 images/s  13 s left`, the same in the terminal of the app and of the CLI. */
export function progressText({ stage, done, total, picturesPerSecond, secondsLeft }: Progress): string {
  const what = stage === 'words' ? 'Reading words: ' : '';
  const left = secondsLeft === null ? '' : `  ${formatDuration(secondsLeft)} left`;
  const bar = progressBar(total === 0 ? 1 : done / total);
  return `${what}${bar} ${done} of ${total}  ${picturesPerSecond.toFixed(1)} images/s${left}`;
}
