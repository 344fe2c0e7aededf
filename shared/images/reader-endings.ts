import { SemblanceError } from '../errors.ts';

/** Signals by which others end a process: a person, the system that shuts down, or one that ran out of memory. */
const FROM_OUTSIDE = new Set(['SIGKILL', 'SIGTERM', 'SIGINT', 'SIGHUP']);

/**
 * Why a process ended without a response.
 * @param how the signal or exit code
 * @param isReady whether it had started
 * @param cpuLimit ms of CPU time that the image it held may take; undefined where it held none
 */
export function ended(how: string, isReady: boolean, cpuLimit: number | undefined): SemblanceError {
  if (how === 'SIGVTALRM' && cpuLimit !== undefined) {
    const seconds = cpuLimit / 1000;
    return new SemblanceError('image_timeout', `Not read within ${seconds} s of CPU time.`, {
      parameters: { seconds },
    });
  }
  if (FROM_OUTSIDE.has(how)) return lost(how);
  return isReady ? unreadable(how) : notStarted(how);
}

export const lost = (how: string) =>
  new SemblanceError('machine_busy', `The process that read it was ended from outside (${how}).`);

export const unreadable = (how: string) =>
  new SemblanceError('image_unreadable', `Decoding it ended the process (${how}).`);

export const notStarted = (how: string) =>
  new SemblanceError('internal', `The process that reads images did not start (${how}).`);

export const closedError = () => new SemblanceError('out_of_time', 'The image reader was closed.');
