import { expect, test } from 'vitest';
import type { LibraryEvent } from './follow-events.ts';
import { createMissedChanges } from './missed-changes.ts';

const first = (unchangedFor: number | null, images = 10): LibraryEvent => {
  const all = { done: images, total: images, inWork: 0 };
  return {
    ...{ type: 'progress', stage: 'pictures', done: images, total: images, pictures: all, words: all },
    ...{ picturesPerSecond: 0, secondsLeft: null, unchangedFor },
  };
};

function opened() {
  let time = 5000;
  const missed = createMissedChanges({ openedAt: time, now: () => time });
  return {
    at(ms: number, event: LibraryEvent): boolean {
      time = 5000 + ms;
      return missed(event);
    },
  };
}

test('a change after the page was opened and before it listened is missed, one before that is not', () => {
  expect(opened().at(300, first(200))).toBe(true);
  expect(opened().at(300, first(400))).toBe(false);
});

test('at a new connection only what changed since the last event is missed', () => {
  const page = opened();
  page.at(300, first(400));
  expect(page.at(60_000, { type: 'indexed' })).toBe(false);
  expect(page.at(100_000, first(40_000))).toBe(false);
  expect(page.at(200_000, first(50_000))).toBe(true);
});

test('where other processes change the library, another number of images is a change', () => {
  const page = opened();
  expect(page.at(300, first(null, 10))).toBe(true);
  expect(page.at(10_300, first(null, 10))).toBe(false);
  expect(page.at(20_300, first(null, 11))).toBe(true);
});
