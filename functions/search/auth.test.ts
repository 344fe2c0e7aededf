import { timingSafeEqual } from 'node:crypto';
import fc from 'fast-check';
import { expect, test, vi } from 'vitest';
import { matchesToken } from './auth.ts';

vi.mock(import('node:crypto'), async original => {
  const crypto = await original();
  return { ...crypto, timingSafeEqual: vi.fn(crypto.timingSafeEqual) };
});

const token = fc.string({ minLength: 1, maxLength: 40 });

test('a text passes exactly when it is one of the tokens', () => {
  fc.assert(
    fc.property(fc.array(token, { maxLength: 5 }), token, (tokens, given) => {
      expect(matchesToken(tokens, given)).toBe(tokens.includes(given));
      for (const each of tokens) expect(matchesToken(tokens, each)).toBe(true);
    }),
  );
});

test.each(['secre', 'secret ', 'Secret', 'secretx', 'xsecret', '', undefined, 'secret\0'])(
  '%j is not the token secret',
  given => {
    expect(matchesToken(['other', 'secret'], given)).toBe(false);
  },
);

test('an empty token is never accepted, also where it is configured', () => {
  expect(matchesToken([''], '')).toBe(false);
  expect(matchesToken(['', 'a'], '')).toBe(false);
});

test('every token is compared, in constant time and at one length, wherever the right one stands', () => {
  const compare = vi.mocked(timingSafeEqual);
  for (const given of ['first', 'second', 'a wrong one of another length', undefined]) {
    compare.mockClear();
    matchesToken(['first', 'second', 'third'], given);
    expect(compare).toHaveBeenCalledTimes(3);
    for (const [one, other] of compare.mock.calls)
      expect([one.byteLength, other.byteLength]).toEqual([32, 32]);
  }
});
