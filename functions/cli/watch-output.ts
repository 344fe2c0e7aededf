import type { Writable } from 'node:stream';
import { systemCode } from '../../shared/file-error.ts';

const REASONS: Partial<Record<string, string>> = {
  EPIPE: 'whoever read it has closed it',
  ENOSPC: 'there is no space left',
  EDQUOT: 'there is no space left',
  EAGAIN: 'the pipe is full',
};

/**
 * Ends the program in one sentence where its output can't be written. A closed pipe, as of `head`, is no failure.
 * @param exit ends the process with a code
 */
export function watchOutput(
  stdout: Pick<Writable, 'on'>,
  stderr: Pick<Writable, 'on' | 'write'>,
  exit: (code: number) => void,
): void {
  // When no process reads the output any more, there is nothing left to report.
  stderr.on('error', () => {});
  stdout.on('error', error => {
    const code = systemCode(error);
    stderr.write(`semblance: The output ends here: ${REASONS[code] ?? error.message}.\n`);
    exit(code === 'EPIPE' ? 0 : 1);
  });
}
