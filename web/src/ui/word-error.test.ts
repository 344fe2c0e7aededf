import { describe, expect, it, vi } from 'vitest';
import { messages as de } from './messages/de.ts';
import { messages as es } from './messages/es.ts';
import { messages as fr } from './messages/fr.ts';
import { messages as ja } from './messages/ja.ts';
import { messages as zh } from './messages/zh.ts';

/** All numbers that errors have. */
const PARAMETERS = {
  width: 20_000,
  height: 12_345,
  max_pixels: 7,
  bytes: 8,
  max_bytes: 50_000_000,
  seconds: 9,
};

describe.each([
  ['zh', zh],
  ['de', de],
  ['fr', fr],
  ['es', es],
  ['ja', ja],
] as const)('an error in %s', async (_language, messages) => {
  vi.doMock('./messages.ts', () => ({ language: 'en', t: messages }));
  vi.resetModules();
  const { wordError } = await import('./word-error.ts');

  it('has the numbers of the message', () => {
    expect(wordError('image_too_many_pixels', PARAMETERS)).toMatch(/20,000 × 12,345.*7/);
    expect(wordError('image_too_many_bytes', PARAMETERS)).toContain('50 MB');
    expect(wordError('request_too_large', PARAMETERS)).toContain('50 MB');
    expect(wordError('image_timeout', PARAMETERS)).toContain('9');
    expect(wordError('too_many_requests', PARAMETERS)).toContain('9');
  });

  it('is a sentence without them too', () => {
    for (const code of Object.keys(messages.errors)) {
      expect(wordError(code)).toMatch(/^[^[\]{}]+$/);
      expect(wordError(code, PARAMETERS)).toMatch(/^[^[\]{}]+$/);
    }
  });
});

describe('an error that the page does not know', () => {
  it('is left to the sentence of the server', async () => {
    const { wordError } = await import('./word-error.ts');
    expect(wordError('no_such_code', PARAMETERS)).toBeUndefined();
  });
});
