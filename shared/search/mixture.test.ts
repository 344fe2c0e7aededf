import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { unit } from '../vectors/unit.ts';
import { type Example, sharesOf, targetOf } from './mixture.ts';

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

describe('shares of an average', () => {
  const wanted = [example([1, 0, 0]), example([0, 1, 0], 3)];
  const all = [...wanted, example([0, 0, 1], -0.5)];
  const share = (examples: readonly Example[], image: readonly number[]) => {
    const target = targetOf(examples, 'average');
    if (!target) throw new Error('no target');
    return sharesOf(examples, target, unit(Float32Array.from(image)));
  };

  test('are as the examples weigh in 2·mean(wanted) − mean(unwanted), each by its own cosine', () => {
    const [a = 0, b = 0, c = 0] = share(all, [1, 1, 1]);
    // 2·(1·x + 3·y)/4 − z
    expect(b / a).toBeCloseTo(3, 5);
    expect(c / a).toBeCloseTo(-2, 5);
    const [first = 0, second = 0] = share(wanted, [3, 1, 0]);
    expect(first / second).toBeCloseTo(1, 5);
  });

  test('add up to the cosine between image and target', () => {
    const image = [0.3, 0.8, 0.1];
    const [x = 0, y = 0] = [1 / 4, 3 / 4];
    const target = Math.hypot(x, y);
    const cosine = (0.3 * x + 0.8 * y) / (target * Math.hypot(...image));
    expect(share(wanted, image).reduce((sum, each) => sum + each, 0)).toBeCloseTo(cosine, 5);
  });

  test('of best are each one’s own cosine', () => {
    const target = targetOf(all, 'best');
    if (!target) throw new Error('no target');
    expect(sharesOf(all, target, unit(Float32Array.of(1, 0, 0))).map(each => each.toFixed(3))).toEqual([
      '1.000',
      '0.000',
      '0.000',
    ]);
  });
});

test('only unwanted looks the other way', () => {
  expect(nearest([example([3, 4], -2)])[0]).toBeCloseTo(-0.6, 6);
});

test('best takes weights by their sign', () => {
  const target = targetOf([example([1, 0], 5), example([0, 1], -0.1), example([1, 1], 0)], 'best');
  expect(target).toMatchObject({ best: { positive: [{}], negative: [{}] } });
});
