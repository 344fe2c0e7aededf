import { expect, test } from 'vitest';
import { raiseSpaces } from './word-spaces.ts';

/** The likeliest class at each step: 0 the blank, 1 a letter, 2 the space. */
function decoded(...steps: [blank: number, letter: number, space: number][]): number[] {
  const probabilities = Float32Array.from(steps.flat());
  raiseSpaces(probabilities, 3);
  return steps.map((_, i) => {
    const step = [...probabilities.subarray(i * 3, i * 3 + 3)];
    return step.indexOf(Math.max(...step));
  });
}

test('a space that the blank hides is let through', () => {
  expect(decoded([0.1, 0.9, 0], [0.8, 0, 0.2], [0.1, 0.9, 0])).toEqual([1, 2, 1]);
});

test('letters stay, and so do blanks where hardly anything speaks for a space', () => {
  expect(decoded([0.3, 0.6, 0.1], [0.95, 0, 0.05])).toEqual([1, 0]);
});

test('a space that was seen anyway stays', () => {
  expect(decoded([0.2, 0.1, 0.7])).toEqual([2]);
});
