import type { Command } from 'commander';
import { withAdvice } from '../../local/failure.ts';
import { drain } from '../drain.ts';
import { type FolderOptions, response, withFolderOptions, withSession } from '../session.ts';

const HELP = `
Examples:
  npm run semblance -- failures
  npm run semblance -- failures retry
  npm run semblance -- failures retry 6e0fad1a-b4ef-46fc-bb89-9011818a812c`;

export const addFailures = (program: Command): void => {
  const command = withFolderOptions(program.command('failures'))
    .description('list the images that could not be indexed, and why')
    .addHelpText('after', HELP)
    .action(async (options: FolderOptions) => {
      await withSession(options, async ({ local }) => {
        const { failures } = await local.library.failures({ count: Number.POSITIVE_INFINITY });
        const text = failures
          .map(failure => `${failure.key}\n  ${failure.code}: ${withAdvice(failure)}`)
          .join('\n');
        response(options.json, failures, text === '' ? 'Every image could be indexed.' : text);
      });
    });
  withFolderOptions(command.command('retry'))
    .description('try them again, and what the queue had given up')
    .argument('[id...]', 'only these')
    .action(async (ids: string[], options: FolderOptions) => {
      // Options before and after `retry` mean the same.
      const given = { ...command.opts<FolderOptions>(), ...options };
      await withSession(given, async session => {
        const { library } = session.local;
        const retried = await library.retry(ids.length > 0 ? ids : undefined);
        const { failed } = retried > 0 ? await drain(session) : { failed: 0 };
        response(given.json, { retried, failed }, `${retried} tried again, ${failed} failed again.`);
      });
    });
};
