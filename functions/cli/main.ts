/** `npm run semblance -- …`: the same library and search as the app's, from a terminal. */
import { CommanderError } from 'commander';
import { SemblanceError } from '../../shared/errors.ts';
import { reportFailure } from '../local/failure.ts';
import { createProgram } from './program.ts';
import { watchOutput } from './watch-output.ts';

watchOutput(process.stdout, process.stderr, code => process.exit(code));
try {
  await run(process.argv);
} catch (error) {
  process.exitCode = reportFailureOf(error);
}

/** Who names no command, or only a group of commands, is shown which there are. */
async function run(argv: readonly string[]): Promise<void> {
  try {
    await createProgram().parseAsync([...argv]);
  } catch (error) {
    if (!(error instanceof CommanderError) || error.code !== 'commander.help') throw error;
    await createProgram().parseAsync([...argv, '--help']);
  }
}

function reportFailureOf(error: unknown): number {
  if (!(error instanceof CommanderError)) return reportFailure(error);
  if (error.exitCode === 0) return 0;
  return reportFailure(new SemblanceError('invalid_arguments', error.message.replace(/^error: /, '')));
}
