import { createPaceMeter, type ProgressLine, percentBar, timeLeft } from '../../shared/progress.ts';

/** ms; an index that opens within it is not worth a line. */
const SHOWN_FROM = 1_000;

/** Shows on a progress line how far an opening is that reads the whole index. */
export function indexReporter(line: ProgressLine, now: () => number = () => performance.now()) {
  const pace = createPaceMeter(now);
  /** When the first rows were read: before that a model may have been fetched. */
  let started: number | null = null;
  let shown = false;
  return (read: number, total: number): void => {
    const { secondsLeft } = pace.measure(read, total);
    started ??= now();
    if (now() - started < SHOWN_FROM) return;
    if (read < total) {
      shown = true;
      line.update(`Reading the index  ${percentBar(read, total)}${timeLeft(secondsLeft)}`);
    } else if (shown) line.end('The index is read.');
  };
}
