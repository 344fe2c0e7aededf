import { join, relative } from 'node:path';
import { Command, Option } from 'commander';
import { modelCacheFolder } from '../../functions/local/data-folder.ts';
import { parseConfig } from '../../shared/config.ts';
import { SemblanceError } from '../../shared/errors.ts';
import { DEFAULT_MODEL } from '../../shared/models/registry.ts';
import { formatBytes } from '../../shared/progress.ts';
import { TREE } from '../../stacks/config.ts';
import { buildTree } from './build-tree.ts';
import { modelsOfLastBuild } from './last-build.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const target = join(ROOT, TREE);

const program = new Command('build:lambda')
  .description('Makes the tree that the Lambda image is copied from, layer by layer, and prints its size.')
  .option('--model <name>', 'registry name, demo, or org/name[@revision]; by default what was built last')
  .option('--also <name>', 'a second model, whose index is kept too while one takes over from the other')
  .addOption(
    new Option('--arch <name>', "processor of the functions, as in the stage's settings")
      .choices(['x86_64', 'arm64'])
      .default('x86_64'),
  )
  .addHelpText(
    'after',
    `
Examples:
  npm run build:lambda -- --model demo
  npm run build:lambda -- --model ${DEFAULT_MODEL}    after \`npm run semblance -- models pull\`
  npm run build:lambda -- --model demo --also ${DEFAULT_MODEL}    see docs/deploy.md, "Another model"`,
  );

async function main() {
  const options = program.parse().opts<{ model?: string; also?: string; arch: 'x86_64' | 'arm64' }>();
  const config = parseConfig(process.env);
  const [model = DEFAULT_MODEL, ...also] = options.model
    ? [options.model, ...(options.also ? [options.also] : [])]
    : await modelsOfLastBuild();
  const manifest = await buildTree({
    model,
    also,
    modelCache: modelCacheFolder(config.dataFolder),
    architecture: options.arch,
    target,
    packageCache: join(ROOT, 'node_modules', '.cache', 'semblance-lambda'),
  });
  console.log(`${relative(ROOT, target)}: ${manifest.models.join(' and ')}, ${manifest.architecture}\n`);
  const row = (name: string, files: string, bytes: string, compressed: string) =>
    console.log(`  ${name.padEnd(14)}${files.padStart(6)}${bytes.padStart(12)}${compressed.padStart(12)}`);
  row('layer', 'files', 'on disk', 'compressed');
  for (const [name, { files, bytes, compressed }] of Object.entries(manifest.layers))
    row(name, String(files), formatBytes(bytes), formatBytes(compressed));
}

main().catch(error => {
  if (!(error instanceof SemblanceError)) throw error;
  console.error(`${error.code}: ${error.message}\n${error.advice}`);
  process.exitCode = 1;
});
