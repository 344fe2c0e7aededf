import { expect, it } from 'vitest';
import { expectConvergence, lateStep, lossyStep, sweepAndDrain } from './changing-store.ts';

it('ends with an index that equals the store when events come late, shuffled and doubled', async () => {
  expect(await expectConvergence(lateStep, 4, async () => {})).toBeGreaterThan(1000);
}, 120_000);

it('ends so after a sweep when events were lost as well (2,000)', async () => {
  expect(await expectConvergence(lossyStep, 10, sweepAndDrain)).toBeGreaterThan(2000);
}, 120_000);
