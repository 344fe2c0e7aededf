import { expect, it } from 'vitest';
import { expectConvergence, lateStep, lossyStep, sweepAndDrain } from './changing-store.ts';

it('ends with an index that equals the store when events come late, shuffled and doubled (20,000)', async () => {
  expect(await expectConvergence(lateStep, 66, async () => {})).toBeGreaterThan(20_000);
});

it('ends so after a sweep when events were lost as well (20,000)', async () => {
  expect(await expectConvergence(lossyStep, 100, sweepAndDrain)).toBeGreaterThan(20_000);
});
