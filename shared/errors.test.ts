import { expect, it } from 'vitest';
import { ERRORS, hasCode, isPassing, SemblanceError } from './errors.ts';

it('every error has a status of its kind and says what to do', () => {
  for (const [code, { status, advice }] of Object.entries(ERRORS)) {
    expect(code).toMatch(/^[a-z0-9_]+$/);
    expect(status).toBeGreaterThanOrEqual(400);
    expect(status).toBeLessThan(600);
    expect(advice).toMatch(/^[A-Z].*[.?]$/);
  }
});

it('only what may heal is passing', () => {
  expect(isPassing(new SemblanceError('store_unavailable', 'x'))).toBe(true);
  expect(isPassing(new SemblanceError('image_corrupt', 'x'))).toBe(false);
  expect(isPassing(new Error('x'))).toBe(false);
});

it('an error carries the row of its code', () => {
  const error = new SemblanceError('not_found', 'There is no image x');
  expect(error).toMatchObject({ status: 404, passing: false, advice: ERRORS.not_found.advice });
  expect(hasCode(error, 'not_found')).toBe(true);
  expect(hasCode(error, 'internal')).toBe(false);
});
