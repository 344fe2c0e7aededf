import { type ErrorCode, SemblanceError } from '../../shared/errors.ts';
import { SURROUNDINGS } from '../../shared/indexing/surroundings.ts';
import type { Log } from '../../shared/log.ts';
import type { ProgressLine } from '../../shared/progress.ts';
import { failureText } from './failure.ts';

/** ms between two tellings of the same trouble. */
const EVERY = 60_000;

/**
 * A log that also says where people look why indexing doesn't go on: on a terminal the log is in a file, and
 * progress would just stand still.
 * @param now ms, monotonic
 */
export function tellTrouble(
  log: Log,
  line: Pick<ProgressLine, 'print'>,
  now: () => number = () => performance.now(),
): Log {
  const told = new Map<ErrorCode, number>();
  const tell = ({ error }: { readonly error?: unknown }) => {
    if (!(error instanceof SemblanceError) || !SURROUNDINGS.has(error.code)) return;
    const at = now();
    if (at - (told.get(error.code) ?? Number.NEGATIVE_INFINITY) < EVERY) return;
    told.set(error.code, at);
    line.print(failureText(error));
  };
  const both =
    (level: 'warn' | 'error'): Log['warn'] =>
    (message, fields = {}) => {
      log[level](message, fields);
      tell(fields);
    };
  return { ...log, warn: both('warn'), error: both('error') };
}
