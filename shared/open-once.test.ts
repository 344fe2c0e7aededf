import { expect, it } from 'vitest';
import { openOnce, reopenable } from './open-once.ts';

it('opens once for all callers, and again after a failure', async () => {
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

it('opens again what was released', async () => {
  const events: string[] = [];
  const held = reopenable(async () => {
    const name = `no. ${events.length}`;
    events.push(`open ${name}`);
    return { name, close: async () => void events.push(`close ${name}`) };
  });
  await held.release();
  expect(await Promise.all([held.opened(), held.opened()])).toEqual([
    expect.objectContaining({ name: 'no. 0' }),
    expect.objectContaining({ name: 'no. 0' }),
  ]);
  await held.release();
  await held.release();
  expect((await held.opened()).name).toBe('no. 2');
  expect(events).toEqual(['open no. 0', 'close no. 0', 'open no. 2']);
});
