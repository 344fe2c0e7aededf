import { Command } from 'commander';
import { addDoctor } from './commands/doctor.ts';
import { addFailures } from './commands/failures.ts';
import { addImport } from './commands/import.ts';
import { addIndex } from './commands/index-folder.ts';
import { addModels } from './commands/models.ts';
import { addReconcile } from './commands/reconcile.ts';
import { addSearch } from './commands/search.ts';
import { addSimilar } from './commands/similar.ts';
import { addTrash } from './commands/trash.ts';

const HELP = `
Examples:
  npm run semblance -- index ~/Pictures
  npm run semblance -- search "two dogs in the snow" --count 5
  npm run semblance -- search --words '"新年" sale -draft' --json
  npm run semblance -- similar ~/Desktop/cat.jpg
  npm run semblance -- failures retry
  npm run semblance -- COMMAND --help

Without --folder a command works on the folder that was opened last (at first: the demo gallery).
Exit codes: 0 done, 1 failed, 2 wrong arguments or configuration, 130 interrupted.`;

/** The command line; each command is a file of its own in commands/. */
export function createProgram(): Command {
  const program = new Command('npm run semblance --')
    .description('Find images by what they show, by likeness and by the words in them.')
    .addHelpText('after', HELP)
    .showHelpAfterError(false)
    .exitOverride()
    .configureOutput({ writeErr: () => {} });
  for (const add of [
    addIndex,
    addSearch,
    addSimilar,
    addReconcile,
    addFailures,
    addTrash,
    addImport,
    addModels,
    addDoctor,
  ]) {
    add(program);
  }
  return program;
}
