import { type ErrorCode, SemblanceError } from '../../shared/errors.ts';
import { DEPENDENCY_CODES } from '../../shared/indexing/dependency-fault.ts';
import type { Log } from '../../shared/log.ts';
import type { ProgressLine } from '../../shared/progress.ts';
import { failureText } from './failure.ts';

/** ms between two reports of the same error. */
const EVERY = 60_000;

/**
 * A log that also prints to the terminal why indexing does not continue. In a terminal the log goes to a file, and the
 * user would only see that the progress bar stands still.
 * @param now ms, monotonic
 */
export function reportTrouble(
  log: Log,
  line: Pick<ProgressLine, 'print'>,
  now: () => number = () => performance.now(),
): Log {
  const reported = new Map<ErrorCode, number>();
  const report = ({ error }: { readonly error?: unknown }) => {
    if (!(error instanceof SemblanceError) || !DEPENDENCY_CODES.has(error.code)) return;
    const at = now();
    if (at - (reported.get(error.code) ?? Number.NEGATIVE_INFINITY) < EVERY) return;
    reported.set(error.code, at);
    line.print(failureText(error));
  };
  const both =
    (level: 'warn' | 'error'): Log['warn'] =>
    (message, fields = {}) => {
      log[level](message, fields);
      report(fields);
    };
  return { ...log, warn: both('warn'), error: both('error') };
}
