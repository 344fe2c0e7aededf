import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['{shared,functions,tests,scripts,web,stacks}/**/*.test.{ts,tsx}'],
    exclude: ['**/node_modules/**', '**/*.soak.test.ts'],
    pool: 'forks',
    maxWorkers: 2,
    // These limits only end what hangs: a test that works may take long where other programs keep the machine busy.
    testTimeout: 120_000,
    hookTimeout: 300_000,
    expect: { poll: { timeout: 60_000 } },
  },
});
