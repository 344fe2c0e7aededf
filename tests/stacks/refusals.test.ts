import { describe, expect, test, vi } from 'vitest';
import { evaluate, SECRETS } from './evaluate.ts';
import { EVALUATIONS, UNPINNED } from './resources.ts';

vi.setConfig({ testTimeout: EVALUATIONS });

describe('a deploy stops before anything is made', () => {
  test('when a secret is missing, and names it', async () => {
    const { AdminTokens: _, ...secrets } = SECRETS;
    await expect(evaluate('ann', { secrets })).rejects.toThrow(/AdminTokens/);
  });

  test('when the Lambda tree was not built, and says how', async () => {
    await expect(evaluate('ann', { manifest: null })).rejects.toThrow(/npm run build:lambda/);
  });

  test('when production would run on a base image that can change under it', async () => {
    await expect(evaluate('production', { dockerfile: UNPINNED })).rejects.toThrow(/not pinned/);
  });

  test('when the tree is for another processor', async () => {
    const manifest = { models: ['demo'], architecture: 'arm64' };
    await expect(evaluate('ann', { manifest })).rejects.toThrow(/arm64, not x86_64/);
  });
});
