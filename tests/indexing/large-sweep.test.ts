import { beforeEach, describe, expect, it } from 'vitest';
import { SemblanceError } from '../../shared/errors.ts';
import type { SweepOptions, SweepReport } from '../../shared/indexing/sweep-options.ts';
import { previewKey } from './derived.ts';
import { codeOf, type Harness, openHarness } from './harness.ts';

/** A sweep that is divided: its parts here hold a few images instead of 50,000. */
const LARGE = { largestPart: 25 };
const SIZE = 150;

let h: Harness;
beforeEach(async () => {
  h = await openHarness();
  for (let i = 0; i < SIZE; i++) h.write(`${String(i).padStart(3, '0')}.png`);
  await h.sweep();
  await h.drain();
  return () => h.close();
});

/** Of every kind of difference some. */
async function change(): Promise<void> {
  for (let i = 0; i < 12; i++) {
    h.write(`new-${i}.png`);
    h.write(`0${10 + i}.png`, `changed ${i}`);
    h.remove(`1${10 + i}.png`);
  }
  h.write('bad.png', 'BAD');
  h.write('notes.txt');
  await h.library.update(h.idOf('001.png'), { starred: true });
  await h.index.setPayload([h.idOf('001.png')], { record_etag: 'another' });
  await h.derived.delete(previewKey(h.idOf('002.png')));
}

/** Every step as in a process of its own. */
async function stepByStep(options: SweepOptions = {}): Promise<{ report: SweepReport; steps: number }> {
  let run: string | undefined;
  for (let steps = 1; ; steps++) {
    const step = await h.sweepStep({ ...LARGE, ...options }, { run, isShort: () => true });
    if (step.type === 'done') return { report: step.report, steps };
    if (step.type === 'gone') throw new Error('The run is gone');
    run = step.run;
  }
}

const withoutRequests = ({ requests: _, ...report }: SweepReport) => report;
const leftovers = () => h.derivedKeys('sweeps/');

describe('a sweep of a large library', () => {
  it('finds what one in one piece finds, step by step', async () => {
    await change();
    const whole = await h.sweep({ dryRun: true });
    expect(whole).toMatchObject({ added: 13, changed: 12, dropped: 12, annotated: 1, redone: 1 });
    const { report, steps } = await stepByStep({ dryRun: true });
    expect(withoutRequests(report)).toEqual(withoutRequests(whole));
    expect(withoutRequests(await h.sweep({ ...LARGE, dryRun: true }))).toEqual(withoutRequests(whole));
    // There are lists of at most 25, 16 parts, and what is gone of 16.
    expect(steps).toBeGreaterThan(32 + SIZE / 25);
    expect(await h.queue.counts()).toMatchObject({ waiting: 0 });
    expect(await leftovers()).toEqual([]);

    await stepByStep();
    expect(await leftovers()).toEqual([]);
    await h.drain();
    expect(await h.index.count()).toBe(SIZE);
    expect(await h.sweep(LARGE)).toMatchObject({ queued: 0, failed: 1 });
  });

  it('goes on after its process died in the middle of a step', async () => {
    await change();
    const expected = await h.sweep({ dryRun: true });
    const { put } = h.derived;
    let run: string | undefined;
    let report: SweepReport | null = null;
    for (let step = 0; !report; step++) {
      // Every second time one of its writes fails.
      let writes = step % 2 === 1 ? step % 7 : Number.POSITIVE_INFINITY;
      h.derived.put = async (...values) => {
        if (run !== undefined && writes-- <= 0) throw new SemblanceError('store_unavailable', 'killed');
        return put(...values);
      };
      try {
        const done = await h.sweepStep({ ...LARGE, dryRun: true }, { run, isShort: () => true });
        if (done.type === 'next') run = done.run;
        if (done.type === 'done') report = done.report;
      } catch (error) {
        expect(error).toMatchObject({ code: 'store_unavailable' });
      }
    }
    h.derived.put = put;
    expect(withoutRequests(report)).toEqual(withoutRequests(expected));
  });

  it('drops nothing where more than 30 % of all are gone, and leaves nothing behind', async () => {
    for (let i = 0; i < 50; i++) h.remove(`${String(i).padStart(3, '0')}.png`);
    expect(await codeOf(stepByStep())).toBe('folder_emptied');
    expect(await h.queue.counts()).toMatchObject({ waiting: 0 });
    expect(await leftovers()).toEqual([]);
    const { report } = await stepByStep({ allowDrop: true });
    expect(report).toMatchObject({ dropped: 50 });
    await h.drain();
    expect(await h.index.count()).toBe(SIZE - 50);
  });

  it('that is over goes on no more', async () => {
    const step = await h.sweepStep(LARGE, { run: 'over', isShort: () => true });
    expect(step).toEqual({ type: 'gone' });
  });

  it('counts the requests', async () => {
    const { requests: whole } = await h.sweep({ dryRun: true });
    expect(whole).toMatchObject({ originals: 1, index: 2, queue: 0 });
    const { report } = await stepByStep({ dryRun: true });
    // There are seven lists of 25, and a page of points of each part.
    expect(report.requests.originals).toBe(Math.ceil(SIZE / 25) + 1);
    expect(report.requests.index).toBeLessThanOrEqual(1 + 16 * 2);
  });
});
