import { expect, it } from 'vitest';
import { expectConvergence, lateStep, lossyStep, sweepAndDrain } from './changing-store.ts';
import { openWatchedLaptop as open } from './harness.ts';

it('ends with an index that equals the store when events come late, shuffled and doubled (20,000)', async () => {
  expect(await expectConvergence({ open, steps: lateStep, runs: 66 })).toBeGreaterThan(20_000);
});

it('ends so after a sweep when events were lost as well (20,000)', async () => {
  const events = await expectConvergence({ open, steps: lossyStep, runs: 100, heal: sweepAndDrain });
  expect(events).toBeGreaterThan(20_000);
});
