import { constants } from 'node:fs';
import { access, mkdir, statfs } from 'node:fs/promises';
import type { Command } from 'commander';
import { type Config, environmentSchema, parseEnvironment } from '../../../shared/config.ts';
import { SemblanceError } from '../../../shared/errors.ts';
import { listModels } from '../../../shared/models/model-cache.ts';
import { DEFAULT_MODEL } from '../../../shared/models/registry.ts';
import { formatBytes } from '../../../shared/progress.ts';
import { knownSources, modelCacheFolder } from '../../local/data-folder.ts';
import { withAdvice } from '../../local/failure.ts';
import type { Check } from '../service-checks.ts';
import { response } from '../session.ts';
import { configOf } from '../stage.ts';

const HELP = `
Examples:
  npm run semblance -- doctor
  npm run semblance -- doctor --stage production --json`;

export const addDoctor = (program: Command): void => {
  program
    .command('doctor')
    .description('print the configuration, secrets hidden, and check every dependency')
    .option('--stage <name>', 'of a stage on AWS, with the credentials of this machine')
    .option('--json', 'print JSON')
    .addHelpText('after', HELP)
    .action(async ({ json, stage }: { json?: boolean; stage?: string }) => {
      const { config, environment, isStage } = await configOf({ stage }, process.env);
      const [here, services] = await Promise.all([
        isStage ? [checkNode()] : checkMachine(config),
        servicesOf(config, isStage),
      ]);
      const checks = [...here, ...services];
      const shown = shownVariables(environment);
      const width = Math.max(...Object.keys(shown).map(name => name.length));
      const text = [
        ...Object.entries(shown).map(([name, value]) => `${name.padEnd(width)} ${value}`),
        '',
        ...checks.map(({ name, fine, says }) => `${fine ? 'ok  ' : 'BAD '} ${name}: ${says}`),
      ].join('\n');
      response(json, { configuration: shown, checks }, text);
      if (checks.some(({ fine }) => !fine)) process.exitCode = 1;
    });
};

const SECRET = /TOKEN|KEY|SECRET/;

const checkMachine = (config: Config): Promise<Check[]> =>
  Promise.all([
    checkNode(),
    checkDataFolder(config),
    checkSpace(config),
    checkModel(config),
    checkSources(config),
  ]);

/** The SDKs of what isn't configured are not loaded. */
async function servicesOf(config: Config, isStage: boolean): Promise<Check[]> {
  if (!isStage && !config.qdrant) return [];
  const { checkServices } = await import('../service-checks.ts');
  const { modelOfStage } = await import('../stage-model.ts');
  return checkServices(config, isStage ? modelOfStage(config).fingerprint : null);
}

/** Every variable with its value or default; secrets only as set or not. */
function shownVariables(environment: Record<string, string | undefined>): Record<string, string> {
  const set = parseEnvironment(environment);
  return Object.fromEntries(
    Object.keys(environmentSchema.shape).map(name => {
      const value = Object.entries(set).find(([key]) => key === name)?.[1];
      const text = shownValue(value);
      if (text === '') return [name, '–'];
      return [name, SECRET.test(name) ? '(set, hidden)' : text];
    }),
  );
}

/** The value as the environment has it. */
function shownValue(value: unknown): string {
  if (typeof value === 'boolean') return value ? 'on' : 'off';
  return Array.isArray(value) ? value.join(',') : String(value ?? '');
}

function checkNode(): Check {
  const fine = Number(process.versions.node.split('.')[0]) >= 24;
  return {
    name: 'Node',
    fine,
    says: `${process.version}${fine ? '' : '; run it by `npm run semblance -- …`'}`,
  };
}

async function checkDataFolder({ dataFolder }: Config): Promise<Check> {
  try {
    await mkdir(dataFolder, { recursive: true });
    await access(dataFolder, constants.W_OK);
    return { name: 'Data folder', fine: true, says: `${dataFolder} can be written` };
  } catch (cause) {
    const error = new SemblanceError('data_read_only', `${dataFolder} can't be written`, { cause });
    return { name: 'Data folder', fine: false, says: withAdvice(error) };
  }
}

/** bytes; a model and an index of 100,000 images take about half of it. */
const ENOUGH_SPACE = 1e9;

async function checkSpace({ dataFolder }: Config): Promise<Check> {
  const disk = await statfs(dataFolder).catch(() => null);
  if (!disk) return { name: 'Disk', fine: true, says: 'nothing is written yet' };
  const free = disk.bavail * disk.bsize;
  return { name: 'Disk', fine: free > ENOUGH_SPACE, says: `${formatBytes(free)} free` };
}

async function checkModel({ dataFolder, model = DEFAULT_MODEL }: Config): Promise<Check> {
  const listed = await listModels(modelCacheFolder(dataFolder));
  const present = listed.find(({ row }) => row.name === model)?.present ?? false;
  return {
    name: 'Model',
    // It is downloaded at the first start with a folder, so it is no fault when it is absent.
    fine: true,
    says: present
      ? `${model} is on this machine`
      : `${model} is fetched when a folder of yours is first opened`,
  };
}

async function checkSources({ dataFolder }: Config): Promise<Check> {
  const name = 'Folders';
  try {
    const sources = await knownSources(dataFolder);
    return { name, fine: true, says: sources.join(', ') || 'none yet; the demo gallery is searched' };
  } catch (error) {
    if (!(error instanceof SemblanceError)) throw error;
    return { name, fine: false, says: withAdvice(error) };
  }
}
