import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { z } from 'zod';

const resourceSchema = z.object({
  type: z.string(),
  name: z.string(),
  inputs: z.any(),
  /** Paths within `inputs` that left the program marked as secret. */
  secretPaths: z.array(z.string()),
  retainOnDelete: z.boolean(),
  dependsOn: z.array(z.string()),
});
export type Resource = z.infer<typeof resourceSchema>;

export const evaluationSchema = z.object({
  app: z.looseObject({ removal: z.string(), protect: z.boolean() }),
  resources: z.array(resourceSchema),
  outputs: z.record(z.string(), z.any()),
});
export type Evaluation = z.infer<typeof evaluationSchema>;

export const requestSchema = z.object({
  stage: z.string(),
  /** What `sst secret set` stored. */
  secrets: z.record(z.string(), z.string()),
  /** As in a first `sst diff`: nothing that AWS computes is known. */
  preview: z.boolean(),
  /** A folder that has what a deploy reads besides the stacks: the page and the Lambda tree's manifest. */
  project: z.string(),
  resultFile: z.string(),
});

export const SECRETS = {
  QdrantUrl: 'https://canary-qdrant.example:6333',
  QdrantApiKey: 'canary-key',
  AccessTokens: 'canary-access-1,canary-access-2',
  AdminTokens: 'canary-admin',
  AlarmEmail: 'canary@mail.example',
};

type Options = {
  secrets?: Record<string, string>;
  preview?: boolean;
  /** Of the Lambda tree; null: it was not built. */
  manifest?: object | null;
  dockerfile?: string;
  /** The content of stacks/stages/STAGE.json; a text as it is. */
  settings?: object | string;
};

const PINNED = `ARG BASE=public.ecr.aws/lambda/nodejs:24@sha256:${'4'.repeat(64)}\nFROM \${BASE}\n`;

/**
 * Runs sst.config.ts with SST's own components as a deploy of a stage would, and returns every resource that it
 * requests. In a process of its own: SST and Pulumi keep state in modules.
 */
export async function evaluate(stage: string, options: Options = {}): Promise<Evaluation> {
  const project = await mkdtemp(join(tmpdir(), 'semblance-stacks-'));
  try {
    await layOut(project, stage, options);
    const resultFile = join(project, 'result.json');
    const request = {
      stage,
      secrets: options.secrets ?? SECRETS,
      preview: options.preview ?? false,
      project,
      resultFile,
    };
    await promisify(execFile)(
      process.execPath,
      ['--no-warnings', join(import.meta.dirname, 'evaluate-worker.ts'), JSON.stringify(request)],
      {
        cwd: project,
        // Nothing is inherited that could reach an account.
        env: { PATH: process.env['PATH'], HOME: project, AWS_EC2_METADATA_DISABLED: 'true' },
        maxBuffer: 64 * 1024 * 1024,
      },
    );
    return evaluationSchema.parse(JSON.parse(await readFile(resultFile, 'utf8')));
  } finally {
    await rm(project, { recursive: true, force: true });
  }
}

async function layOut(project: string, stage: string, { manifest, dockerfile = PINNED, settings }: Options) {
  if (settings !== undefined) {
    await mkdir(join(project, 'stacks', 'stages'), { recursive: true });
    await writeFile(
      join(project, 'stacks', 'stages', `${stage}.json`),
      typeof settings === 'string' ? settings : JSON.stringify(settings),
    );
  }
  await writeFile(join(project, 'Dockerfile'), dockerfile);
  await mkdir(join(project, 'web', 'dist', 'assets'), { recursive: true });
  await writeFile(join(project, 'web', 'dist', 'index.html'), '<!doctype html>');
  await writeFile(join(project, 'web', 'dist', 'assets', 'page-5d41402a.js'), '');
  if (manifest === null) return;
  await mkdir(join(project, 'dist', 'lambda'), { recursive: true });
  await writeFile(
    join(project, 'dist', 'lambda', 'manifest.json'),
    JSON.stringify(manifest ?? { models: ['demo'], architecture: 'x86_64' }),
  );
}
