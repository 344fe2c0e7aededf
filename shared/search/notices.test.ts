import { expect, test } from 'vitest';
import { nothingFits } from './notices.ts';

const [strong, weak, none] = [0.95, 0.56, 0.2];

test('says that nothing fits where the first image does not and none fits well', () => {
  expect(nothingFits([none, none])).toBe(true);
  expect(nothingFits([none, weak, none])).toBe(true);
});

test('does not say so where the first image may fit, or another fits well', () => {
  expect(nothingFits([weak, none])).toBe(false);
  expect(nothingFits([none, strong])).toBe(false);
  expect(nothingFits([strong])).toBe(false);
});

test('says nothing where it is not known how well images fit, and where there is none', () => {
  expect(nothingFits([])).toBe(false);
  expect(nothingFits([undefined, undefined])).toBe(false);
  expect(nothingFits([undefined, none])).toBe(false);
});
