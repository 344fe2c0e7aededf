import { expect, test } from 'vitest';
import { inKnownScript, mergeReadings } from './reading.ts';

const place = (x: number) => ({ x, y: 20, width: 200, height: 30, angle: 0 });
const line = (text: string, x: number, score: number) => ({
  text,
  score,
  least: score,
  rectangle: place(x),
  turns: 0 as const,
});
const reading = (lines: ReturnType<typeof line>[], unread: number[] = [], stopped = false) => ({
  lines,
  unread: unread.map(place),
  stopped,
});
const textsOf = (...readings: ReturnType<typeof reading>[]) =>
  mergeReadings(readings).lines.map(({ text }) => text);

test('a line that was read twice counts once, as it was read best', () => {
  expect(textsOf(reading([line('Em rgency', 100, 0.7)]), reading([line('Emergency', 104, 0.99)]))).toEqual([
    'Emergency',
  ]);
});

test('a sure line goes before a longer guess', () => {
  expect(
    textsOf(reading([line('Emergencyyyyyyy', 100, 0.8)]), reading([line('Emergency', 100, 0.95)])),
  ).toEqual(['Emergency']);
});

test('lines elsewhere are all kept', () => {
  expect(textsOf(reading([line('black', 100, 0.99)]), reading([line('white', 500, 0.99)]))).toEqual([
    'black',
    'white',
  ]);
});

test('what one could not read is unread unless another did', () => {
  const { unread } = mergeReadings([reading([], [100, 500, 502]), reading([line('white', 100, 0.99)])]);
  expect(unread).toEqual([place(500)]);
});

test('one that was stopped makes the whole incomplete', () => {
  expect(mergeReadings([reading([]), reading([], [], true)]).stopped).toBe(true);
});

test('beside as many unread lines a guess is unread too, and what is sure stays', () => {
  const guess = line('āuəušu', 100, 0.88);
  const sure = line('Straße', 900, 0.99);
  expect(inKnownScript(reading([guess], [500]))).toEqual(reading([], [500, 100]));
  expect(inKnownScript(reading([guess, sure], [500, 1300]))).toEqual(reading([sure], [500, 1300, 100]));
  expect(inKnownScript(reading([guess, sure], [500]))).toEqual(reading([guess, sure], [500]));
});
