import { expect, it } from 'vitest';
import { openOnce } from './open-once.ts';

it('opens once for all who ask, and anew after a failure', async () => {
  let calls = 0;
  const opened = openOnce(async () => {
    calls++;
    if (calls === 1) throw new Error('asleep');
    return calls;
  });
  await expect(Promise.all([opened(), opened()])).rejects.toThrow('asleep');
  expect(await Promise.all([opened(), opened()])).toEqual([2, 2]);
  expect(await opened()).toBe(2);
});
