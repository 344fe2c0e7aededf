import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createSeries } from './series.ts';
import { reloaded } from './testing-image.ts';

const UNSET = -1;
const create = () =>
  createSeries<Int8Array | Int16Array | Float64Array>(
    [length => new Int8Array(length), length => new Int16Array(length), length => new Float64Array(length)],
    UNSET,
  );
const step = fc.record({
  index: fc.oneof(fc.nat(10), fc.nat(300)),
  value: fc.oneof(fc.constant(UNSET), fc.integer({ min: -200, max: 200 }), fc.constantFrom(40_000, 3e9, 0.5)),
  reload: fc.boolean(),
});

it('has what was set last, in all views and from an image, and else what stands for unset', () => {
  fc.assert(
    fc.property(fc.array(step), steps => {
      let series = create();
      const expected: number[] = [];
      for (const { index, value, reload } of steps) {
        series.set(index, value);
        while (expected.length <= index) expected.push(UNSET);
        expected[index] = value;
        if (reload) series = reloaded(series, create());
        expect([...series.all().subarray(0, expected.length)]).toEqual(expected);
        expect([...series.first(400).subarray(expected.length)].every(each => each === UNSET)).toBe(true);
        expect(expected.map((_, at) => series.at(at))).toEqual(expected);
        expect(series.at(1000)).toBe(UNSET);
      }
    }),
  );
});

it('takes no memory for what is set to unset alone, before somebody asks for all', () => {
  const series = create();
  const before = series.all().length;
  for (let index = 0; index < before + 9; index++) series.set(index, UNSET);
  expect(reloaded(series, create()).all().length).toBeGreaterThanOrEqual(before + 9);
  let saved = -1;
  series.save({ json: () => {}, numbers: ({ length }) => (saved = length) });
  expect(saved).toBe(0);
});
