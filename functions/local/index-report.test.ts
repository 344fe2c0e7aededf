import { expect, it } from 'vitest';
import { createProgressLine } from '../../shared/progress.ts';
import { indexReporter } from './index-report.ts';

function reported(...steps: readonly (readonly [ms: number, read: number, total: number])[]): string {
  const lines: string[] = [];
  let time = 0;
  const now = () => time;
  const report = indexReporter(createProgressLine({ write: text => lines.push(text) }, now), now);
  for (const [ms, read, total] of steps) {
    time = ms;
    report(read, total);
  }
  return lines.join('');
}

it('shows how far a long reading of the index is, how long still, and its end', () => {
  expect(reported([500, 10_000, 100_000], [1_500, 30_000, 100_000], [6_000, 100_000, 100_000])).toBe(
    `Reading the index  [######--------------]  30 %  4 s left
The index is read.
`,
  );
});

it('counts from the first rows, since a model may have been fetched before', () => {
  expect(reported([60_000, 5_000, 10_000], [60_300, 10_000, 10_000])).toBe('');
});

it('is silent where the index is read at once', () => {
  expect(reported([300, 5_000, 10_000], [600, 10_000, 10_000])).toBe('');
});
