import { defineConfig } from 'vitest/config';

const SOAK = '**/*.soak.test.ts';
/** These replace modules of others, or load them anew. */
const REPLACING = [
  'functions/search/auth.test.ts',
  'web/src/ui/format.test.ts',
  'web/src/ui/word-error.test.ts',
];

export default defineConfig({
  test: {
    globalSetup: 'tests/run-folder.ts',
    pool: 'forks',
    maxWorkers: 2,
    // These limits only end what hangs: a test that works may take long where other programs keep the machine busy.
    testTimeout: 120_000,
    hookTimeout: 300_000,
    expect: { poll: { timeout: 60_000 } },
    // Files of one process share what they load, where they leave nothing behind: a third of the time of the units.
    projects: [
      {
        extends: true,
        test: {
          name: 'units',
          include: ['{shared,functions,scripts,web}/**/*.test.{ts,tsx}'],
          exclude: ['**/node_modules/**', SOAK, ...REPLACING],
          isolate: false,
        },
      },
      {
        extends: true,
        test: {
          name: 'page',
          include: ['tests/browser/**/*.test.ts'],
          exclude: [SOAK],
          isolate: false,
        },
      },
      {
        extends: true,
        test: {
          name: 'alone',
          include: ['{tests,stacks}/**/*.test.ts', ...REPLACING],
          exclude: [SOAK, 'tests/browser/**'],
        },
      },
    ],
  },
});
