import { formatBytes, formatDuration, type ProgressLine, percentBar, timeLeft } from '../progress.ts';
import type { PullEvent } from './pull.ts';

/** Smaller files come in no time and would only be noise. */
const SHOWN_FROM_BYTES = 1_000_000;

/** Shows a pull on a progress line: what is fetched, file by file, how fast, how long still. */
export const pullReporter =
  (line: ProgressLine) =>
  (event: PullEvent): void => {
    if (event.type === 'start') {
      const size = event.bytes === null ? '' : ` (${formatBytes(event.bytes)}, once)`;
      line.print(`Fetching ${event.model}${size} from ${event.from}`);
    } else if (event.type === 'waiting') {
      line.print(`Another process is fetching ${event.model}; waiting for it`);
    } else if (event.type === 'retry') {
      line.print(`${event.reason}; trying again in ${formatDuration(event.waitMs / 1000)}`);
    } else if (event.type === 'progress') {
      if (event.total !== null && event.total < SHOWN_FROM_BYTES) return;
      line.update(progressText(event));
      if (event.received === event.total) line.end(progressText(event));
    } else {
      line.end(`${event.model} is in ${event.folder}`);
    }
  };

function progressText(event: Extract<PullEvent, { type: 'progress' }>): string {
  const { file, received, total, bytesPerSecond, secondsLeft } = event;
  const speed = bytesPerSecond > 0 ? `  ${formatBytes(bytesPerSecond)}/s` : '';
  if (total === null) return `${file}  ${formatBytes(received)}${speed}`;
  const left = timeLeft(received === total ? null : secondsLeft);
  const size = `${formatBytes(received)} of ${formatBytes(total)}`;
  return `${percentBar(received, total)}  ${size}${speed}${left}  ${file}`;
}
