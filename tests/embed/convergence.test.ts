import { afterAll, beforeAll, expect, it } from 'vitest';
import { expectConvergence, lossyStep, sweepAndDrain } from '../indexing/changing-store.ts';
import { type Aws, openFunction, startAws } from './function.ts';

let aws: Aws;
beforeAll(async () => {
  aws = await startAws();
});
afterAll(() => aws.close());

it('ends with an index that equals the bucket after lost, doubled and shuffled events and a sweep', async () => {
  const open = () => openFunction(aws);
  expect(await expectConvergence({ open, steps: lossyStep, runs: 3, heal: sweepAndDrain })).toBeGreaterThan(
    500,
  );
}, 240_000);
