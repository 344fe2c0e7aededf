import { expect, test } from 'vitest';
import { release } from './release.ts';

test('an array that has its memory alone gives it back', () => {
  const data = new Uint8Array(1_000);
  const { buffer } = data;
  release(data);
  expect([data.length, buffer.byteLength]).toEqual([0, 0]);
});

test('memory that other arrays see is left alone', () => {
  const whole = Uint8Array.of(1, 2, 3);
  release(whole.subarray(1));
  release(new Uint8Array(new SharedArrayBuffer(3)));
  expect(whole).toEqual(Uint8Array.of(1, 2, 3));
});
