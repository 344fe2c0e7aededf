import { readSettings, stageNameFault } from '../../stacks/settings.ts';
import { checkCredentials, checkExistingBucket, checkRegion } from './account-checks.ts';
import { type Check, type Finding, good, problem } from './finding.ts';
import { checkBaseImage, checkDocker, checkModels, checkNode } from './machine-checks.ts';
import { checkQdrant, checkSecrets, readSecrets } from './secret-checks.ts';
import type { Tools } from './tools.ts';

export type PreflightOptions = {
  readonly tools: Tools;
  /** Folder of the project. */
  readonly root: string;
  readonly stage: string;
  /** Models of the image, first the one that searches use. */
  readonly models: readonly string[];
  /** Where `models pull` puts models. */
  readonly modelCache: string;
  /** `process.version`. */
  readonly nodeVersion: string;
};

/**
 * Everything that would make a deploy fail half-way, asked before SST is: one finding a check, each with its
 * remedy. What needs credentials is left out where there are none.
 */
export async function preflight(options: PreflightOptions): Promise<Check[]> {
  const { tools, root, stage, models, modelCache } = options;
  const name = stageNameFault(stage);
  const checks: Check[] = [
    {
      name: 'stage',
      finding: name === null ? good(stage) : problem(`'${stage}' ${name}`, 'choose another name for --stage'),
    },
    { name: 'node', finding: checkNode(options.nodeVersion) },
    { name: 'docker', finding: await checkDocker(tools) },
    { name: 'models', finding: await checkModels(models, modelCache) },
    { name: 'base image', finding: await checkBaseImage(root, stage === 'production') },
  ];
  if (name !== null) return checks;

  const settings = settingsOf(root, stage);
  if ('finding' in settings) return [...checks, { name: 'settings', finding: settings.finding }];
  const credentials = await checkCredentials(tools);
  checks.push(
    { name: 'settings', finding: good(`${settings.region}, ${settings.architecture}`) },
    { name: 'credentials', finding: credentials },
  );
  if (credentials.type === 'problem') return checks;

  const secrets = await readSecrets(tools, stage);
  return [
    ...checks,
    { name: 'region', finding: await checkRegion(tools, settings) },
    { name: 'bucket', finding: await checkExistingBucket(tools, settings) },
    { name: 'secrets', finding: checkSecrets(secrets, stage) },
    { name: 'qdrant', finding: await checkQdrant(tools, secrets) },
  ];
}

function settingsOf(root: string, stage: string): ReturnType<typeof readSettings> | { finding: Finding } {
  try {
    return readSettings(root, stage);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return { finding: problem(message, 'correct the file; docs/deploy.md lists its fields') };
  }
}
