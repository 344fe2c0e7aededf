import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { type Gatherer, gatherer } from './gatherer.ts';

let handedOn: string[][];
let keys: Gatherer;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
  handedOn = [];
  keys = gatherer({ quiet: 900, longest: 10_000 }, gathered => handedOn.push(gathered));
});
afterEach(() => {
  vi.useRealTimers();
});

it('hands keys on together, each once, when none was added for the quiet time', () => {
  keys.add('a');
  vi.advanceTimersByTime(899);
  keys.add('b');
  keys.add('a');
  vi.advanceTimersByTime(899);
  expect(handedOn).toEqual([]);
  vi.advanceTimersByTime(1);
  expect(handedOn).toEqual([['a', 'b']]);
});

it('hands keys on at the latest after the longest time, however often they are postponed', () => {
  keys.add('a');
  for (let passed = 0; passed < 10_000; passed += 100) {
    expect(handedOn).toEqual([]);
    keys.postpone();
    vi.advanceTimersByTime(100);
  }
  expect(handedOn).toEqual([['a']]);
});

it('hands on at once what is flushed, and nothing where nothing was gathered', () => {
  keys.flush();
  keys.postpone();
  vi.advanceTimersByTime(20_000);
  expect(handedOn).toEqual([]);
  keys.add('a');
  keys.flush();
  vi.advanceTimersByTime(20_000);
  expect(handedOn).toEqual([['a']]);
});
