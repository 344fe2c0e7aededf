import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { onDisk } from './file-error.ts';

it('a place that can not be made is named with what to do: so looks a read-only disk', async () => {
  const place = join(tmpdir(), 'nowhere', 'at-all');
  await expect(onDisk(place, () => writeFile(place, ''))).rejects.toMatchObject({
    code: 'data_read_only',
    message: `${place} can't be made`,
  });
});

it('what is no trouble of the disk passes as it is', async () => {
  const fault = new TypeError('a fault');
  await expect(onDisk('place', () => Promise.reject(fault))).rejects.toBe(fault);
});
