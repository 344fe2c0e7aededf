/** `npm run semblance -- …`: the same library and search as the app's, from a terminal. */
import { CommanderError } from 'commander';
import { SemblanceError } from '../../shared/errors.ts';
import { reportFailure } from '../local/failure.ts';
import { createProgram } from './program.ts';

try {
  await createProgram().parseAsync(process.argv);
} catch (error) {
  process.exitCode = reportFailureOf(error);
}

function reportFailureOf(error: unknown): number {
  if (!(error instanceof CommanderError)) return reportFailure(error);
  if (error.exitCode === 0) return 0;
  return reportFailure(new SemblanceError('invalid_arguments', error.message.replace(/^error: /, '')));
}
