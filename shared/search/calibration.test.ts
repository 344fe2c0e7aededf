import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { VECTOR_OF, VISION } from '../catalog/collection.ts';
import type { TextEncoder } from '../models/encoder.ts';
import { unit } from '../vectors/unit.ts';
import { openCalibrations } from './calibration.ts';
import { imageAt, openTestIndex, type TestIndex } from './testing-index.ts';

const vector = VECTOR_OF[VISION];
const images = (count: number) =>
  Array.from({ length: count }, (_, n) => imageAt(n, { vision: [Math.cos(n), Math.sin(n), 1] }));

let index: TestIndex;
let asked: string[];
const warnings: string[] = [];
const log = { warn: (message: string) => void warnings.push(message) };
/** Texts are their letters' sums: unlike each other, and the same every time. */
const encoder: TextEncoder = {
  model: { name: 'm', fingerprint: 'f', dimension: 8, languages: ['en'] },
  async encodeText(text) {
    asked.push(text);
    const sum = [...text].reduce((total, letter) => total + letter.charCodeAt(0), 0);
    const vector = unit(Float32Array.from({ length: 8 }, (_, d) => Math.sin(sum * (d + 1))));
    return { vector, parts: 1 };
  },
};

beforeEach(async () => {
  asked = [];
  warnings.length = 0;
  index = await openTestIndex(images(8));
});
afterEach(async () => {
  vi.useRealTimers();
  await index.drop();
});

test('a first search does not wait for it, a later one has it', async () => {
  const calibrations = openCalibrations(index, log);
  expect(calibrations.known(vector, encoder)).toBeNull();
  await expect.poll(() => calibrations.known(vector, encoder)).not.toBeNull();
});

test('it is measured once, however many ask', async () => {
  const calibrations = openCalibrations(index, log);
  for (let i = 0; i < 5; i++) calibrations.known(vector, encoder);
  const both = await Promise.all([0, 1].map(() => calibrations.measured(vector, encoder)));
  expect(both[0]).toBe(both[1]);
  expect(asked).toHaveLength(12);
});

test('of fewer than eight images nothing is measured, and no text embedded', async () => {
  const few = await openTestIndex(images(7));
  expect(await openCalibrations(few, log).measured(vector, encoder)).toBeNull();
  expect(asked).toEqual([]);
  await few.drop();
});

test('of a collection that grows it is measured again soon, and the older one is used meanwhile', async () => {
  vi.useFakeTimers({ toFake: ['performance'] });
  const calibrations = openCalibrations(index, log);
  const first = await calibrations.measured(vector, encoder);
  await index.upsert(images(60));
  vi.advanceTimersByTime(14_000);
  expect(await calibrations.measured(vector, encoder)).toBe(first);
  vi.advanceTimersByTime(2_000);
  expect(calibrations.known(vector, encoder)).toBe(first);
  await expect.poll(() => calibrations.known(vector, encoder)).not.toBe(first);
  expect(asked).toHaveLength(12);
});

test('a failure is logged, and the next search tries again', async () => {
  let broken = true;
  const flaky: TextEncoder = {
    ...encoder,
    encodeText: text => (broken ? Promise.reject(new Error('no weights')) : encoder.encodeText(text)),
  };
  const calibrations = openCalibrations(index, log);
  expect(calibrations.known(vector, flaky)).toBeNull();
  await expect.poll(() => warnings).toHaveLength(1);
  broken = false;
  expect(await calibrations.measured(vector, flaky)).not.toBeNull();
});

test('closing ends it before the encoder is closed, and is no failure', async () => {
  const calibrations = openCalibrations(index, log);
  expect(calibrations.known(vector, encoder)).toBeNull();
  await calibrations.close();
  const embedded = asked.length;
  expect(embedded).toBeLessThan(12);
  await new Promise(setImmediate);
  expect(asked).toHaveLength(embedded);
  expect(warnings).toEqual([]);
});
