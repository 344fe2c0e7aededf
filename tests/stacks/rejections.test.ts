import { describe, expect, test, vi } from 'vitest';
import { evaluate, SECRETS } from './evaluate.ts';
import { EVALUATIONS, UNPINNED } from './resources.ts';

vi.setConfig({ testTimeout: EVALUATIONS });

describe('a deploy stops before anything is made', () => {
  test('when a secret is missing, and names it', async () => {
    const { AdminTokens: _, ...secrets } = SECRETS;
    await expect(evaluate('ann', { secrets })).rejects.toThrow(/AdminTokens/);
  });

  test.each([
    ['AdminTokens', ' , '],
    ['QdrantApiKey', '   '],
  ])('when the secret %s is %j, which would leave the gallery open or unusable', async (name, value) => {
    await expect(evaluate('ann', { secrets: { ...SECRETS, [name]: value } })).rejects.toThrow(
      new RegExp(`The secret ${name} `),
    );
  });

  test('when AWS would reject the name of the stage half-way', async () => {
    await expect(evaluate('a'.repeat(31))).rejects.toThrow(/The stage name/);
  });

  test('when the settings of the stage have a field that does not exist, and names it', async () => {
    await expect(evaluate('ann', { settings: { buget: 5 } })).rejects.toThrow(/buget/);
    await expect(evaluate('ann', { settings: '{"budget":' })).rejects.toThrow(/not a JSON object/);
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
