import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createByteRuns, lengthOf, MARKS, type Run } from './byte-runs.ts';
import { ImageDamaged, type ImageWriter } from './image-file.ts';
import { reloaded } from './testing-image.ts';

const slot = fc.oneof(fc.nat(8), fc.integer({ min: 1020, max: 1028 }), fc.nat(5000));
const run: fc.Arbitrary<Run> = fc.oneof(
  fc.nat(MARKS - 1),
  fc.uint8Array({ maxLength: 12 }),
  fc.constantFrom(300, 70_000).map(length => new Uint8Array(length).fill(7)),
);

/** Quick to compare. */
const shown = (each: Run): unknown =>
  typeof each === 'number' ? each : Buffer.from(each).toString('latin1');

it('has the runs and marks that were set last, in all views and from an image', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(slot, run, fc.boolean())), changes => {
      let runs = createByteRuns();
      const expected = new Map<number, Run>();
      for (const [each, value, reload] of changes) {
        runs.set(each, value);
        expected.set(each, value);
        if (reload) runs = reloaded(runs, createByteRuns());
        for (const [any, wanted] of expected) expect(shown(runs.at(any))).toBe(shown(wanted));
      }
      const codes = runs.codes();
      const found = new Map<number, Run>();
      for (const { first, end, bytes } of runs.blocks()) {
        let start = 0;
        for (let any = first; any < end; any++) {
          const code = codes[any] ?? 0;
          found.set(any, code < MARKS ? code : bytes.slice(start, start + lengthOf(code)));
          start += lengthOf(code);
        }
        expect(start).toBe(bytes.length);
      }
      for (const [any, wanted] of expected) expect(shown(found.get(any) ?? -1)).toBe(shown(wanted));
      for (const [any, value] of found) expect(shown(value)).toBe(shown(expected.get(any) ?? 0));
    }),
  );
});

it('takes little more memory than the runs need, also when they get shorter', () => {
  const runs = createByteRuns();
  const room = (): number => [...runs.blocks()].reduce((sum, { bytes }) => sum + bytes.buffer.byteLength, 0);
  for (const length of [100, 10])
    for (let each = 0; each < 2048; each++) {
      runs.set(each, new Uint8Array(length));
      if (each === 2047) expect(room()).toBeLessThan(2048 * length * (length === 100 ? 1.05 : 2.1));
    }
});

it('does not take over runs of other lengths than an image says', () => {
  const runs = createByteRuns();
  for (const each of [1, 2000]) runs.set(each, new Uint8Array(5));
  const shorter = {
    ...runs,
    save: (writer: ImageWriter) =>
      runs.save({
        ...writer,
        numbers: values => writer.numbers(values.length === 5 ? values.subarray(1) : values),
      }),
  };
  expect(() => reloaded(shorter, createByteRuns())).toThrow(ImageDamaged);
});
