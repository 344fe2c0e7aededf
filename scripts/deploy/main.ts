import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { Command } from 'commander';
import { modelCacheFolder } from '../../functions/local/data-folder.ts';
import { parseConfig } from '../../shared/config.ts';
import { SemblanceError } from '../../shared/errors.ts';
import { DEFAULT_MODEL } from '../../shared/models/registry.ts';
import { readSettings } from '../../stacks/settings.ts';
import { modelsOfLastBuild } from '../build-lambda/last-build.ts';
import { formatChecks } from './finding.ts';
import { preflight } from './preflight.ts';
import { realTools } from './tools.ts';

const ROOT = join(import.meta.dirname, '..', '..');

type Options = { stage: string; model?: string; also?: string; checkOnly?: boolean };

const program = new Command('deploy')
  .description('Checks everything that a deploy needs, builds the image tree, and lets SST deploy the stage.')
  .requiredOption('--stage <name>', 'your own name for a personal stage, staging, or production')
  .option('--model <name>', 'registry name, demo, or org/name[@revision]; by default what was built last')
  .option('--also <name>', 'a second model, whose index is kept too while one takes over from the other')
  .option('--check-only', 'only checks; `npm run preflight` does the same')
  .addHelpText(
    'after',
    `
Examples:
  npm run preflight -- --stage ann
  npm run deploy -- --stage ann --model ${DEFAULT_MODEL}
  npm run deploy -- --stage production

Settings of a stage stand in stacks/stages/STAGE.json; see docs/deploy.md.`,
  );

async function main(): Promise<number> {
  const { stage, model, also, checkOnly } = program.parse().opts<Options>();
  const models = model ? [model, ...(also ? [also] : [])] : await modelsOfLastBuild();
  const checks = await preflight({
    tools: realTools(ROOT),
    root: ROOT,
    stage,
    models,
    modelCache: modelCacheFolder(parseConfig(process.env).dataFolder),
    nodeVersion: process.version,
  });
  console.log(formatChecks(checks));
  const problems = checks.filter(({ finding }) => finding.type === 'problem').length;
  if (problems > 0) {
    console.error(`\n${problems} of ${checks.length} checks stop the deploy; nothing was changed.`);
    return 1;
  }
  if (checkOnly) return 0;
  const { architecture } = readSettings(ROOT, stage);
  const [first = DEFAULT_MODEL, second] = models;
  const build = ['scripts/build-lambda/main.ts', '--model', first, '--arch', architecture];
  const built = await run(process.execPath, second === undefined ? build : [...build, '--also', second]);
  return built === 0 ? run('npx', ['--no-install', 'sst', 'deploy', '--stage', stage]) : built;
}

/** Runs a program in this terminal; Ctrl-C reaches it, and it decides when it ends. */
function run(command: string, args: readonly string[]): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: ROOT, stdio: 'inherit' });
    const wait = () => {};
    process.on('SIGINT', wait);
    child.once('error', reject);
    child.once('exit', code => {
      process.off('SIGINT', wait);
      resolve(code ?? 1);
    });
  });
}

main().then(
  code => {
    process.exitCode = code;
  },
  (error: unknown) => {
    if (!(error instanceof SemblanceError)) throw error;
    console.error(`${error.code}: ${error.message}\n${error.advice}`);
    process.exitCode = 1;
  },
);
