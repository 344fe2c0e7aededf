import type { Command } from 'commander';
import { sweep } from '../../../shared/indexing/sweep.ts';
import { indexedText, passedOverText } from '../../local/progress-text.ts';
import { drain } from '../drain.ts';
import { type FolderOptions, response, withSession } from '../session.ts';

const HELP = `
Interrupted, it goes on where it stopped. Nothing is written to the folder.

Examples:
  npm run semblance -- index                     the folder opened last
  npm run semblance -- index ~/Pictures`;

export const addIndex = (program: Command): void => {
  program
    .command('index')
    .description('index a folder of images and wait until it is done')
    .argument('[folder]')
    .option('--moved-from <folder>', 'where the folder was before; its index and annotations are kept')
    .option('--json', 'print JSON')
    .addHelpText('after', HELP)
    .action(async (folder: string | undefined, { json, movedFrom }: Omit<FolderOptions, 'folder'>) => {
      const given = {
        ...(folder === undefined ? {} : { folder }),
        ...(movedFrom === undefined ? {} : { movedFrom }),
      };
      await withSession(given, async session => {
        const { local, line, signal } = session;
        const { objects, passedOver } = await sweep(local.sweepDeps, { signal });
        await drain(session);
        const { images, queued } = await local.library.counts();
        const { failures } = await local.library.failures({ count: Number.POSITIVE_INFINITY });
        const failed = failures.length;
        if (passedOverText(passedOver) !== '') line.print(passedOverText(passedOver));
        if (objects === 0 && images === 0) line.print(`There are no images in ${local.data.source}.`);
        response(
          json,
          { folder: local.data.source, indexed: images, queued, failed, passedOver },
          indexedText(images, queued, failed),
        );
      });
    });
};
