import { formatBytes, formatDuration, type ProgressLine, progressBar } from '../progress.ts';
import type { PullEvent } from './pull.ts';

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
      line.update(progressText(event));
      if (event.received === event.total) line.end(progressText(event));
    } else {
      line.end();
    }
  };

function progressText(event: Extract<PullEvent, { type: 'progress' }>): string {
  const { file, received, total, bytesPerSecond, secondsLeft } = event;
  const speed = `${formatBytes(bytesPerSecond)}/s`;
  if (total === null || total === 0) return `${file}  ${formatBytes(received)}  ${speed}`;
  const percent = `${Math.floor((100 * received) / total)} %`;
  const left = secondsLeft === null ? '' : `  ${formatDuration(secondsLeft)} left`;
  const size = `${formatBytes(received)} of ${formatBytes(total)}`;
  return `${progressBar(received / total)} ${percent}  ${file}  ${size}  ${speed}${received < total ? left : ''}`;
}
