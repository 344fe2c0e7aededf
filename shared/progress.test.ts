import { describe, expect, it } from 'vitest';
import { createPaceMeter, createProgressLine, formatBytes, formatDuration, progressBar } from './progress.ts';

const stream = (isTTY: boolean) => {
  const written: string[] = [];
  return { isTTY, columns: 20, written, write: (text: string) => written.push(text) };
};

describe('a progress line', () => {
  it('is redrawn in place on a terminal, no wider than it, ten times a second at the most', () => {
    const out = stream(true);
    let now = 0;
    const line = createProgressLine(out, () => now);
    line.update('one');
    line.update('too soon');
    now = 100;
    line.update('a text that is wider than the terminal');
    line.end('done');
    expect(out.written).toEqual(['\r\x1b[Kone', '\r\x1b[Ka text that is wide', '\r\x1b[Kdone', '\n']);
  });

  it('is whole on a terminal that does not know its width', () => {
    const out = { ...stream(true), columns: 0 };
    createProgressLine(out, () => 0).update('1 s left');
    expect(out.written).toEqual(['\r\x1b[K1 s left']);
  });

  it('is plain lines every five seconds elsewhere', () => {
    const out = stream(false);
    let now = 0;
    const line = createProgressLine(out, () => now);
    for (; now <= 6_000; now += 100) line.update(`at ${now}`);
    line.end();
    expect(out.written).toEqual(['at 0\n', 'at 5000\n', 'at 6000\n']);
  });

  it('keeps messages above the moving line', () => {
    const out = stream(true);
    const line = createProgressLine(out, () => 0);
    line.update('50 %');
    line.print('note');
    expect(out.written.slice(1)).toEqual(['\r\x1b[Knote\n', '\r\x1b[K50 %']);
  });

  it('leaves nothing of itself where it ends without a text', () => {
    const out = stream(true);
    const line = createProgressLine(out, () => 0);
    line.update('294 of 297');
    line.end('');
    expect(out.written.slice(1)).toEqual(['\r\x1b[K']);
  });

  it('writes nothing when nothing was shown', () => {
    const out = stream(true);
    createProgressLine(out).end();
    expect(out.written).toEqual([]);
  });
});

describe('pace', () => {
  it('counts from where the work began, not from nothing', () => {
    let now = 0;
    const pace = createPaceMeter(() => now);
    expect(pace.measure(900, 1_000)).toEqual({ perSecond: 0, secondsLeft: null });
    now = 1_000;
    expect(pace.measure(950, 1_000)).toEqual({ perSecond: 50, secondsLeft: 1 });
  });

  it('forgets what is older than the window', () => {
    let now = 0;
    const pace = createPaceMeter(() => now);
    for (; now < 10_000; now += 1_000) pace.measure(now, null);
    for (; now < 20_000; now += 1_000) pace.measure(10_000, null);
    expect(pace.measure(10_000, 20_000)).toEqual({ perSecond: 0, secondsLeft: null });
  });
});

it('says sizes, times and shares', () => {
  expect([0, 999, 2_200_000, 155_900_000, 999_960_000].map(formatBytes)).toEqual([
    '0 B',
    '999 B',
    '2.2 MB',
    '155.9 MB',
    '1.00 GB',
  ]);
  expect([0.2, 59.5, 125, 11_520].map(formatDuration)).toEqual([
    '1 s',
    '1 min 0 s',
    '2 min 5 s',
    '3 h 12 min',
  ]);
  expect(progressBar(0.5)).toBe('[##########----------]');
  expect(progressBar(7)).toBe(`[${'#'.repeat(20)}]`);
});
