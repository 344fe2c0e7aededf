import { defineConfig } from 'vitest/config';
import { TARGET } from './tests/contract-http/target.ts';

/** `BASE_URL=… npm run test:contract`: the contract's suite against a server that runs already. */
export default defineConfig({
  test: {
    include: ['tests/contract-http/named-server.contract.ts'],
    env: { [TARGET]: process.env['BASE_URL'] ?? '' },
    testTimeout: 60_000,
    hookTimeout: 120_000,
  },
});
