import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { SemblanceError } from '../../shared/errors.ts';
import { locateModel } from '../../shared/models/model-cache.ts';
import { resolveModel } from '../../shared/models/registry.ts';
import { type Finding, good, problem, warning } from './finding.ts';
import type { Tools } from './tools.ts';

/** The Node that SST, the build and the checks run on. */
export function checkNode(version: string): Finding {
  const major = Number(/^v(\d+)\./.exec(version)?.[1]);
  return major >= 22
    ? good(version)
    : problem(`${version} is too old`, 'run it as `npm run …`, which brings the right Node');
}

/** The engine that builds the image, and its buildx, without which no cache is kept. */
export async function checkDocker(tools: Tools): Promise<Finding> {
  const engine = await tools.run('docker', ['version', '--format', '{{.Server.Version}}']);
  if (engine.code !== 0)
    return problem(
      'no Docker engine responds',
      'install Docker and start it; `docker version` must name a server',
    );
  const buildx = await tools.run('docker', ['buildx', 'version']);
  if (buildx.code !== 0) return problem('Docker has no buildx', 'install the plugin docker-buildx');
  return good(`${engine.stdout.trim()}, ${buildx.stdout.trim().split(' ').slice(0, 2).join(' ')}`);
}

/** The models that the image will hold. */
export async function checkModels(names: readonly string[], cacheFolder: string): Promise<Finding> {
  for (const name of names) {
    try {
      if (await locateModel(resolveModel(name), cacheFolder)) continue;
    } catch (error) {
      if (!(error instanceof SemblanceError)) throw error;
      return problem(error.message, error.advice);
    }
    return problem(`${name} is not on this machine`, `npm run semblance -- models pull ${name}`);
  }
  return good(names.join(', '));
}

/** A tag moves; what production runs on is changed by a commit alone. */
export async function checkBaseImage(root: string, production: boolean): Promise<Finding> {
  const base =
    /^ARG BASE=(\S+)$/m.exec(await readFile(join(root, 'Dockerfile'), 'utf8'))?.[1] ?? 'no ARG BASE';
  if (/@sha256:[0-9a-f]{64}$/.test(base)) return good(base);
  const remedy = 'add its digest to `ARG BASE` in Dockerfile as the comment there says, and commit it';
  return production ? problem(`${base} is not pinned`, remedy) : warning(`${base} is not pinned`, remedy);
}
