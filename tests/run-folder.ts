import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  interface ProvidedContext {
    /** A folder of this run of the tests: what one file makes there serves the others, too. */
    runFolder: string;
  }
}

/** Makes the folder before the first test, and removes it after the last one. */
export default async function setUp(project: TestProject): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), 'semblance-run-'));
  project.provide('runFolder', folder);
  // For temporary files, too: a browser that ends with its process leaves some behind.
  process.env['TMPDIR'] = folder;
  // Processes that tests start take half as long to start where they share what is compiled.
  process.env['NODE_COMPILE_CACHE'] = join(folder, 'compiled');
  return () => rm(folder, { recursive: true, force: true, maxRetries: 10 });
}
