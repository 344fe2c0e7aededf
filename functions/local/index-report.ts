import { createPaceMeter, formatDuration, type ProgressLine, progressBar } from '../../shared/progress.ts';

/** ms; an index that opens within it is not worth a line. */
const SHOWN_FROM = 1_000;

/** Shows on a progress line how far an opening is that reads the whole index. */
export function indexReporter(line: ProgressLine, now: () => number = () => performance.now()) {
  const started = now();
  const pace = createPaceMeter(now);
  let shown = false;
  return (read: number, total: number): void => {
    const { secondsLeft } = pace.measure(read, total);
    if (now() - started < SHOWN_FROM) return;
    if (read < total) {
      shown = true;
      line.update(progressText(read, total, secondsLeft));
    } else if (shown) line.end('The index is read.');
  };
}

function progressText(read: number, total: number, secondsLeft: number | null): string {
  const percent = `${Math.floor((100 * read) / total)} %`.padStart(6);
  const left = secondsLeft === null ? '' : `  ${formatDuration(secondsLeft)} left`;
  return `Reading the index  ${progressBar(read / total)}${percent}${left}`;
}
