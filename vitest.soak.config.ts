import { defineConfig } from 'vitest/config';

/** The long forms of crash and load tests; they print their seeds. */
export default defineConfig({
  test: {
    include: ['{shared,functions,tests}/**/*.soak.test.ts'],
    globalSetup: 'tests/run-folder.ts',
    pool: 'forks',
    maxWorkers: 1,
    testTimeout: 3_600_000,
    hookTimeout: 600_000,
    expect: { poll: { timeout: 300_000 } },
  },
});
