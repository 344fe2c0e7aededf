import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['{shared,functions,tests,scripts,web,stacks}/**/*.test.{ts,tsx}'],
    exclude: ['**/node_modules/**', '**/*.soak.test.ts'],
    pool: 'forks',
    maxWorkers: 2,
    // ends a test that hangs; a test that works may take long where other programs keep the machine busy
    testTimeout: 60_000,
    hookTimeout: 120_000,
  },
});
