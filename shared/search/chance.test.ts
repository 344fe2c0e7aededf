import { describe, expect, test } from 'vitest';
import { bandOf, chanceOf, chanceOfRanked } from './chance.ts';

/** Scores as of unrelated pairs: normal by Box and Muller, the same on every run. */
function unrelated(count: number, mean: number, deviation: number): Float64Array {
  let state = 7;
  const next = () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
  return Float64Array.from(
    { length: count },
    () => mean + deviation * Math.sqrt(-2 * Math.log(next())) * Math.cos(2 * Math.PI * next()),
  );
}

describe('the fit of a score', () => {
  const scores = unrelated(20_000, 0.05, 0.07);

  test('is low for what the best of so many unrelated images score, high for what they never do', () => {
    const chance = chanceOf(scores, 1_000);
    const best = unrelated(1_000, 0.05, 0.07).toSorted().at(-1) ?? 0;
    expect(bandOf(chance.fit(best))).not.toBe('strong');
    expect(chance.fit(0.05)).toBeLessThan(0.01);
    expect(chance.fit(0.5)).toBeGreaterThan(0.99);
  });

  test('is about a half for the median of the best of N, whatever the space', () => {
    for (const [mean, deviation] of [
      [0.05, 0.07],
      [0.7, 0.02],
      [-0.2, 0.3],
    ] as const) {
      const chance = chanceOf(unrelated(20_000, mean, deviation), 1_000);
      const draws = unrelated(200_000, mean, deviation);
      const bests = Array.from({ length: 200 }, (_, i) =>
        Math.max(...draws.subarray(i * 1_000, (i + 1) * 1_000)),
      );
      const median = bests.sort((a, b) => a - b)[100] ?? 0;
      expect(chance.fit(median)).toBeGreaterThan(0.25);
      expect(chance.fit(median)).toBeLessThan(0.75);
      const flagged = bests.filter(best => bandOf(chance.fit(best)) !== 'strong').length;
      expect(flagged).toBeGreaterThan(160);
    }
  });

  test('asks for more where more images are searched', () => {
    expect(chanceOf(scores, 1_000_000).fit(0.33)).toBeLessThan(chanceOf(scores, 100).fit(0.33) - 0.2);
  });

  test('rises with the score, from 0 to 1', () => {
    const chance = chanceOf(scores, 500);
    const fits = Array.from({ length: 50 }, (_, i) => chance.fit(i / 50));
    expect(fits).toEqual(fits.toSorted((a, b) => a - b));
    expect(fits.every(each => each >= 0 && each <= 1)).toBe(true);
  });

  test('is a number even of a collection of equal images', () => {
    const chance = chanceOf(new Float64Array(50).fill(0.3), 50);
    expect(chance.fit(0.3)).toBeGreaterThanOrEqual(0);
    expect(chance.fit(0.9)).toBeGreaterThan(0.99);
  });
});

describe('the fit of a score by its own list alone', () => {
  const ranked = (count: number) => [...unrelated(count, 0.05, 0.07)].sort((a, b) => b - a);

  test('is high for what stands out of the list, low for its bulk', () => {
    const scores = [0.6, ...ranked(1_000)];
    const chance = chanceOfRanked(scores);
    expect(chance?.fit(0.6)).toBeGreaterThan(0.99);
    expect(chance?.fit(scores[50] ?? 0)).toBeLessThan(0.3);
    expect(bandOf(chance?.fit(scores[1] ?? 0) ?? 1)).not.toBe('strong');
  });

  test('is unknown in a short list, and a number in one of equal scores', () => {
    expect(chanceOfRanked(ranked(20))).toBeNull();
    expect(chanceOfRanked(Array<number>(100).fill(0.3))?.fit(0.3)).toBeLessThan(1);
  });
});
