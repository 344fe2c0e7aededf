import type { Command } from 'commander';
import { parseConfig } from '../../../shared/config.ts';
import { listModels } from '../../../shared/models/model-cache.ts';
import { pullModel } from '../../../shared/models/pull.ts';
import { pullReporter } from '../../../shared/models/pull-report.ts';
import { resolveModel } from '../../../shared/models/registry.ts';
import { createProgressLine, formatBytes } from '../../../shared/progress.ts';
import { modelCacheFolder } from '../../local/data-folder.ts';
import { interruption } from '../../local/interruption.ts';
import { response } from '../session.ts';

const HELP = `
SEMBLANCE_MODEL chooses the model; SEMBLANCE_MODEL_BASE_URL names a mirror of the hub.

Examples:
  npm run semblance -- models list
  npm run semblance -- models pull                          the default model
  npm run semblance -- models pull siglip2-base-patch16-224
  npm run semblance -- models pull org/name@revision`;

export const addModels = (program: Command): void => {
  const models = program
    .command('models')
    .description('list models, or fetch one')
    .addHelpText('after', HELP);
  models
    .command('list')
    .description('the models that are known or were fetched')
    .option('--json', 'print JSON')
    .action(async ({ json }: { json?: boolean }) => {
      const { dataFolder } = parseConfig(process.env);
      const listed = await listModels(modelCacheFolder(dataFolder));
      const rows = listed.map(({ row, present }) => ({
        name: row.name,
        present,
        languages: row.languages,
        dimension: row.dimension,
        bytes: row.bytes,
        licence: row.licence,
      }));
      const text = rows
        .map(
          ({ name, present, bytes, languages, licence }) =>
            `${present ? '*' : ' '} ${name.padEnd(28)} ${(bytes ? formatBytes(bytes) : '').padStart(9)}  ${(licence ?? '').padEnd(11)} ${languages.includes('*') ? 'most languages' : languages.join(' ')}`,
        )
        .join('\n');
      response(json, rows, `${text}\n* is on this machine`);
    });
  models
    .command('pull')
    .description('fetch a model, going on where an earlier try stopped, and verify it')
    .argument('[name]')
    .action(async (name: string | undefined) => {
      const { dataFolder, modelBaseUrl, model } = parseConfig(process.env);
      const signal = interruption();
      const line = createProgressLine(process.stderr);
      try {
        const pulled = await pullModel(resolveModel(name ?? model), {
          cacheFolder: modelCacheFolder(dataFolder),
          baseUrl: modelBaseUrl,
          onEvent: pullReporter(line),
          signal,
        });
        response(false, null, `${pulled.name} is ready in ${pulled.folder}`);
      } catch (error) {
        if (!signal.aborted) throw error;
        line.print('Interrupted; the same command goes on from here.');
      }
    });
};
