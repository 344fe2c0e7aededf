import { join } from 'node:path';

/**
 * Environment of the threads and processes that we start: Node keeps there what it compiled, and so need not load its
 * TypeScript compiler into each, which takes 12 MB of a thread and 25 MB of a process. Where the folder can't be
 * written, they compile as ever.
 */
export const COMPILE_CACHE = {
  NODE_COMPILE_CACHE: join(import.meta.dirname, '../node_modules/.cache/semblance'),
};
