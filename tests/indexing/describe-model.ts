import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Aws, startAws } from '../embed/function.ts';
import { expectConvergenceUnderFaults } from './fault-steps.ts';
import { newFolders } from './harness.ts';
import { embeddedIn, onAws, onLaptop, qdrant } from './places.ts';

/** Both stores with both indexes; each place is played on so often, at 300 events and more. */
export function describeModel(runs: number): void {
  let aws: Aws;
  beforeAll(async () => {
    aws = await startAws();
  });
  afterAll(() => aws.close());

  describe('after crashes, outages and lost events the index is what is stored, and what was acknowledged holds', () => {
    it.each([
      [
        'a folder, embedded index',
        async () => {
          const folders = newFolders();
          return onLaptop(folders, await embeddedIn(folders.data));
        },
      ],
      ['a folder, Qdrant', async () => onLaptop(newFolders(), await qdrant())],
      [
        'buckets, embedded index',
        async () => {
          const { data } = newFolders();
          return onAws(aws, data, await embeddedIn(join(data, 'index')));
        },
      ],
      ['buckets, Qdrant', async () => onAws(aws, newFolders().data, await qdrant())],
    ])(
      '%s',
      async (_name, open) => {
        expect(await expectConvergenceUnderFaults(open, runs)).toBeGreaterThan(runs * 200);
      },
      runs * 120_000,
    );
  });
}
