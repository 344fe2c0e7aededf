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

  it.each(['', ' ', ',', 'a,,b', 'a, '])('rejects %j as tokens: an empty one would open everything', text => {
    for (const name of ['SEMBLANCE_ACCESS_TOKENS', 'SEMBLANCE_ADMIN_TOKENS'])
      expect(() => parseConfig({ [name]: text })).toThrow(`${name}: a token is empty`);
  });

  it.each(['SEMBLANCE_ACCESS_TOKEN', 'SEMBLANCE_ADMIN_TOKEN'])('rejects a blank %s', name => {
    expect(() => parseConfig({ [name]: ' ' })).toThrow(`${name}: a token is empty`);
  });

  it.each(['пароль', '密码', 'two words', 'a\u0000b', 'é'])('rejects %j, which no header can carry', text => {
    for (const name of ['SEMBLANCE_ACCESS_TOKENS', 'SEMBLANCE_ADMIN_TOKEN'])
      expect(() => parseConfig({ [name]: text })).toThrow(/visible ASCII characters/);
  });

  it('takes origins as browsers send them', () => {
    const { corsOrigins } = parseConfig({
      SEMBLANCE_CORS_ORIGINS: 'https://Example.org:443/, http://münchen.example:8080,tauri://localhost,*',
    });
    expect(corsOrigins).toEqual([
      'https://example.org',
      'http://xn--mnchen-3ya.example:8080',
      'tauri://localhost',
      '*',
    ]);
  });

  it.each([
    'not a url',
    'example.org',
    'https://',
    'https://a.example/page',
    'https://me@a.example',
    ',',
    '',
  ])('rejects %j as origins', text => {
    expect(() => parseConfig({ SEMBLANCE_CORS_ORIGINS: text })).toThrow(
      /^SEMBLANCE_CORS_ORIGINS: must be origins/,
    );
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
    [{ PORT: '70000' }, /^PORT: must be a whole number from 0 to 65535$/],
    [{ PORT: '' }, /^PORT:/],
    [{ PORT: ' 80' }, /^PORT:/],
    [{ PORT: '0x0d1b' }, /^PORT:/],
    [{ PORT: '3e3' }, /^PORT:/],
    [{ PORT: '-1' }, /^PORT:/],
    [{ PORT: '80.5' }, /^PORT:/],
    [{ HOST: 'not a host' }, /^HOST:/],
    [{ SEMBLANCE_MAX_PIXELS: '' }, /^SEMBLANCE_MAX_PIXELS: must be a whole number of 1 or more$/],
    [{ SEMBLANCE_RATE_LIMIT: '0' }, /^SEMBLANCE_RATE_LIMIT:/],
    [{ SEMBLANCE_DATA: '' }, /^SEMBLANCE_DATA: must not be empty$/],
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
