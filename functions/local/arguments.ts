import { Command, CommanderError } from 'commander';
import { SemblanceError } from '../../shared/errors.ts';

export type StartArguments = {
  /** Undefined: the images that come with the project. */
  readonly folder: string | undefined;
  readonly port: string | undefined;
  readonly host: string | undefined;
  /** Where the folder was when it was indexed. */
  readonly movedFrom: string | undefined;
};

const EXAMPLES = `
Examples:
  npm start                           the demo gallery on http://127.0.0.1:3000
  npm start -- ~/Pictures             your own images; nothing is written to that folder
  npm start -- ~/Pictures --port 8080
  npm start -- ~/Photos --moved-from ~/Pictures    keep the annotations of the images at their old place
  SEMBLANCE_DATA=/mnt/big/semblance npm start -- ~/Pictures

Configuration is by environment variables; \`npm run semblance -- doctor\` prints it.`;

/**
 * Reads the command line of `npm start`; null when it was `--help`, which is printed.
 * @throws invalid_arguments
 */
export function parseArguments(argv: readonly string[]): StartArguments | null {
  const command = new Command('npm start --')
    .description('Serves the search page and API, and keeps a folder of images indexed.')
    .argument('[folder]', 'folder of images (default: the demo gallery)')
    .option('--port <number>', 'port to listen on (PORT, default 3000)')
    .option('--host <address>', 'address to listen on (HOST, default 127.0.0.1)')
    .option('--moved-from <folder>', 'continue the index, annotations and uploads of this former place')
    .addHelpText('after', EXAMPLES)
    .exitOverride()
    .configureOutput({ writeErr: () => {} });
  try {
    command.parse([...argv], { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return null;
    throw new SemblanceError('invalid_arguments', error.message.replace(/^error: /, ''));
  }
  const { port, host, movedFrom } = command.opts<{ port?: string; host?: string; movedFrom?: string }>();
  return { folder: command.args[0], port, host, movedFrom };
}
