import fc from 'fast-check';
import { expect, test } from 'vitest';
import { unit } from '../vectors/unit.ts';
import { type Example, targetOf } from './mixture.ts';

const example = (numbers: readonly number[], weight = 1): Example => ({
  vector: unit(Float32Array.from(numbers)),
  weight,
});
const nearest = (examples: readonly Example[]): number[] => {
  const target = targetOf(examples, 'average');
  if (!target || !('nearest' in target)) throw new Error('no average');
  return [...target.nearest];
};

test('one wanted alone is plain nearness, in either mode', () => {
  const one = example([1, 2, 3]);
  for (const mode of ['average', 'best'] as const)
    expect(targetOf([one], mode)).toEqual({ nearest: one.vector });
});

test('no example, or only of weight 0, asks for nothing', () => {
  expect(targetOf([], 'average')).toBeNull();
  expect(targetOf([example([1, 0], 0)], 'best')).toBeNull();
});

test('an average is 2·mean(wanted) − mean(unwanted), at unit length', () => {
  const [x = 0, y = 0] = nearest([example([1, 0]), example([0, 1], -1)]);
  expect(x / y).toBeCloseTo(-2, 5);
  expect(Math.hypot(x, y)).toBeCloseTo(1, 6);
});

test('weights count within their side: twice the weight is the example twice', () => {
  fc.assert(
    fc.property(
      fc.array(
        fc.tuple(fc.double({ min: 0.1, max: 1, noNaN: true }), fc.double({ min: 0.1, max: 1, noNaN: true })),
        {
          minLength: 2,
          maxLength: 5,
        },
      ),
      pairs => {
        const [first = [1, 1], ...rest] = pairs;
        const others = rest.map(pair => example(pair));
        const weighted = nearest([example(first, 2), ...others]);
        const repeated = nearest([example(first), example(first), ...others]);
        for (const [d, value] of weighted.entries()) expect(value).toBeCloseTo(repeated[d] ?? 0, 5);
      },
    ),
  );
});

test('only unwanted looks the other way', () => {
  expect(nearest([example([3, 4], -2)])[0]).toBeCloseTo(-0.6, 6);
});

test('best takes weights by their sign', () => {
  const target = targetOf([example([1, 0], 5), example([0, 1], -0.1), example([1, 1], 0)], 'best');
  expect(target).toMatchObject({ best: { positive: [{}], negative: [{}] } });
});
