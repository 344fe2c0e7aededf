import { describe, expect, it } from 'vitest';
import { parseConfig } from './config.ts';

describe('the configuration', () => {
  it('has defaults for a laptop', () => {
    expect(parseConfig({})).toMatchObject({
      host: '127.0.0.1',
      port: 3000,
      dataFolder: '.semblance',
      maxPixels: 100_000_000,
      maxBytes: 50_000_000,
      ocr: true,
      accessTokens: [],
      adminTokens: [],
      qdrant: undefined,
    });
  });

  it('takes several tokens and the singular name together', () => {
    const { adminTokens } = parseConfig({ SEMBLANCE_ADMIN_TOKENS: 'new, old', SEMBLANCE_ADMIN_TOKEN: 'one' });
    expect(adminTokens).toEqual(['new', 'old', 'one']);
  });

  it('never has an empty token, which an empty header would match', () => {
    expect(
      parseConfig({ SEMBLANCE_ACCESS_TOKENS: ' , ,', SEMBLANCE_ACCESS_TOKEN: ' ' }).accessTokens,
    ).toEqual([]);
  });

  it('reads Qdrant, buckets and switches', () => {
    expect(
      parseConfig({
        QDRANT_URL: 'https://x.cloud.qdrant.io:6333',
        QDRANT_API_KEY: 'k',
        SEMBLANCE_BUCKET: 'originals',
        SEMBLANCE_OCR: 'off',
        SEMBLANCE_MODEL_BASE_URL: 'https://mirror.example/hub/',
      }),
    ).toMatchObject({
      qdrant: { url: 'https://x.cloud.qdrant.io:6333', apiKey: 'k' },
      bucket: 'originals',
      ocr: false,
      modelBaseUrl: 'https://mirror.example/hub',
    });
  });

  it.each([
    [{ PORT: 'http' }, /^PORT:/],
    [{ PORT: '70000' }, /^PORT:/],
    [{ QDRANT_URL: 'localhost' }, /^QDRANT_URL: must be an http or https URL/],
    [{ SEMBLANCE_OCR: 'maybe' }, /^SEMBLANCE_OCR:/],
    [{ SEMBLANCE_LOG: 'loud' }, /^SEMBLANCE_LOG:/],
    [{ SEMBLANCE_MAX_BYTES: '-1' }, /^SEMBLANCE_MAX_BYTES:/],
    [{ SEMBLANCE_MDOEL: 'demo' }, /^SEMBLANCE_MDOEL is not a variable of Semblance$/],
  ])('rejects %j in one line that names the variable', (environment, message) => {
    expect(() => parseConfig(environment)).toThrow(
      expect.objectContaining({ code: 'bad_configuration', message: expect.stringMatching(message) }),
    );
  });

  it('ignores variables of others', () => {
    expect(() => parseConfig({ HOME: '/', PATH: '', NODE_ENV: 'test' })).not.toThrow();
  });
});
