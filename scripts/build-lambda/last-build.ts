import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { DEFAULT_MODEL } from '../../shared/models/registry.ts';
import { TREE } from '../../stacks/config.ts';

const MANIFEST = join(import.meta.dirname, '..', '..', TREE, 'manifest.json');

/** The models that the tree was last built with, so that a deploy builds the same again. */
export async function modelsOfLastBuild(): Promise<string[]> {
  const text = await readFile(MANIFEST, 'utf8').catch(() => '{}');
  const { models } = z.object({ models: z.array(z.string()).default([]) }).parse(JSON.parse(text));
  return models.length > 0 ? models : [DEFAULT_MODEL];
}
