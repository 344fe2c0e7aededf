import { type Command, InvalidArgumentError } from 'commander';
import { imageIdSchema } from '../../../shared/catalog/ids.ts';
import { hasCode, SemblanceError } from '../../../shared/errors.ts';
import { formatBytes } from '../../../shared/progress.ts';
import { drain } from '../drain.ts';
import { type FolderOptions, response, withFolderOptions, withSession } from '../session.ts';

const HELP = `
What is deleted in the page or through the API lies in the trash for 30 days. Files of your folder are never
deleted, so they are never in it.

Examples:
  npm run semblance -- trash list
  npm run semblance -- trash restore 6e0fad1a-b4ef-46fc-bb89-9011818a812c
  npm run semblance -- trash restore --all
  npm run semblance -- trash empty`;

export const addTrash = (program: Command): void => {
  const trash = program
    .command('trash')
    .description('list, restore or delete for good what was deleted')
    .addHelpText('after', HELP);
  withFolderOptions(trash.command('list'))
    .description('what can be restored, deleted last first')
    .action(async (options: FolderOptions) => {
      await withSession(options, async ({ local }) => {
        const images = await local.library.trash();
        const text = images
          .map(({ id, name, bytes, deleted, emptied }) =>
            [
              id,
              deleted.slice(0, 16).replace('T', ' '),
              formatBytes(bytes).padStart(9),
              name ?? '',
              `until ${emptied.slice(0, 10)}`,
            ].join('  '),
          )
          .join('\n');
        response(options.json, images, text === '' ? 'The trash is empty.' : text);
      });
    });
  withFolderOptions(trash.command('restore'))
    .description('bring images back, with their stars, categories and comments')
    .argument('[id...]', 'these', collectIds)
    .option('--all', 'all that is in the trash')
    .action(async (ids: string[], options: FolderOptions & { readonly all?: boolean }) => {
      if (ids.length === 0 && !options.all)
        throw new SemblanceError('invalid_arguments', 'Name the ids to restore, or --all');
      await withSession(options, async session => {
        const { library } = session.local;
        const chosen = options.all ? (await library.trash()).map(({ id }) => id) : ids;
        const problems: { id: string; message: string }[] = [];
        for (const id of chosen) {
          try {
            await library.restore(id);
          } catch (error) {
            if (!hasCode(error, 'not_found') && !hasCode(error, 'duplicate_image')) throw error;
            problems.push({ id, message: error.message });
          }
        }
        const restored = chosen.length - problems.length;
        if (restored > 0) await drain(session);
        if (problems.length > 0) process.exitCode ??= 1;
        const lines = [`${restored} restored.`, ...problems.map(({ message }) => `${message}.`)];
        response(options.json, { restored, problems }, lines.join('\n'));
      });
    });
  withFolderOptions(trash.command('empty'))
    .description('delete for good: all, or only these')
    .argument('[id...]', 'only these', collectIds)
    .action(async (ids: string[], options: FolderOptions) => {
      await withSession(options, async ({ local }) => {
        const deleted = await local.library.emptyTrash(ids.length > 0 ? { ids } : {});
        response(options.json, { deleted }, `${deleted} deleted for good.`);
      });
    });
};

function collectIds(text: string, before: string[] = []): string[] {
  const id = imageIdSchema.safeParse(text);
  if (!id.success) throw new InvalidArgumentError('It is no id.');
  return [...before, id.data];
}
