import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { canMount, runOnSmallDisk } from '../small-disk.ts';

it.skipIf(!canMount)('an upload that the disk has no room for is rejected as disk_full', async () => {
  const disk = await mkdtemp(join(tmpdir(), 'semblance-full-'));
  const printed = await runOnSmallDisk(join(import.meta.dirname, 'full-disk-child.ts'), {
    disk,
    size: '256k',
  });
  await rm(disk, { recursive: true });
  expect(printed).toMatch(/^507 .*"code":"disk_full"/);
});
