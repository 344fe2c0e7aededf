import { describe, expect, it } from 'vitest';
import type { LibraryEvent } from './library.ts';
import { createProgress } from './progress.ts';

type Progress = Extract<LibraryEvent, { type: 'progress' }>;

function open(counts: { waiting: number; words: number; inWork: number }) {
  const emitted: Progress[] = [];
  let time = 0;
  const progress = createProgress({
    queue: { counts: async () => ({ ...counts, dead: 0 }) },
    events: { emit: event => event.type === 'progress' && emitted.push(event) },
    log: { debug() {}, info() {}, warn() {}, error() {} },
    now: () => time,
  });
  return {
    counts,
    emitted,
    /** Settles one, after so many s. */
    async settle(of: 'pictures' | 'words', seconds: number) {
      counts.waiting--;
      if (of === 'words') counts.words--;
      counts.inWork++;
      const letGo = progress.takeUp(of);
      time += seconds * 1000;
      counts.inWork--;
      letGo(true);
      await progress.report(false);
    },
    takeUp: progress.takeUp,
    report: progress.report,
  };
}

describe('the progress of indexing', () => {
  it('counts images and words apart, also those that waited before this process', async () => {
    const { settle, emitted } = open({ waiting: 14, words: 10, inWork: 0 });
    await settle('pictures', 1);
    await settle('pictures', 1);
    expect(emitted.at(-1)).toMatchObject({
      stage: 'pictures',
      done: 2,
      total: 4,
      pictures: { done: 2, total: 4 },
      words: { done: 0, total: 10, secondsLeft: null },
    });
  });

  it('estimates each by its own pace, though words take a hundred times as long', async () => {
    const { settle, emitted } = open({ waiting: 120, words: 60, inWork: 0 });
    for (let i = 0; i < 60; i++) await settle('pictures', 0.6);
    expect(emitted.find(({ stage, done }) => stage === 'pictures' && done === 40)?.secondsLeft).toBeCloseTo(
      12,
      0,
    );
    for (let i = 0; i < 10; i++) await settle('words', 60);
    const last = emitted.at(-1);
    expect(last).toMatchObject({ stage: 'words', done: 10, total: 60, pictures: { done: 60, total: 60 } });
    expect(last?.secondsLeft).toBeCloseTo(50 * 60, -2);
  });

  it('reports that the images are complete before the words begin', async () => {
    const { settle, emitted } = open({ waiting: 2, words: 1, inWork: 0 });
    await settle('pictures', 1);
    await settle('words', 1);
    const complete = emitted.filter(({ done, total }) => done === total).map(({ stage }) => stage);
    expect(complete).toEqual(['pictures', 'words']);
  });

  it('keeps its estimate of the words while an image comes between', async () => {
    const { counts, settle, emitted } = open({ waiting: 20, words: 20, inWork: 0 });
    for (let i = 0; i < 5; i++) await settle('words', 10);
    counts.waiting += 2;
    await settle('pictures', 1);
    expect(emitted.at(-1)).toMatchObject({ stage: 'pictures', words: { done: 5, total: 20 } });
    expect(emitted.at(-1)?.words.secondsLeft).toBeCloseTo(150, -1);
  });

  it('counts what is in work', async () => {
    const { counts, takeUp, report, emitted } = open({ waiting: 3, words: 3, inWork: 0 });
    Object.assign(counts, { waiting: 1, words: 1, inWork: 2 });
    takeUp('words');
    takeUp('words');
    await report(false);
    expect(emitted.at(-1)).toMatchObject({
      stage: 'words',
      done: 0,
      total: 3,
      words: { inWork: 2, total: 3 },
    });
  });
});
