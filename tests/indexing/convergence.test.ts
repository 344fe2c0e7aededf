import { expect, it } from 'vitest';
import { expectConvergence, lateStep, lossyStep, sweepAndDrain } from './changing-store.ts';
import { openWatchedLaptop as open } from './harness.ts';

it('ends with an index that equals the store when events come late, shuffled and doubled', async () => {
  expect(await expectConvergence({ open, steps: lateStep, runs: 4 })).toBeGreaterThan(1000);
});

it('ends so after a sweep when events were lost as well (2,000)', async () => {
  const events = await expectConvergence({ open, steps: lossyStep, runs: 9, heal: sweepAndDrain });
  expect(events).toBeGreaterThan(2000);
});
