import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';

const run = promisify(execFile);
const canMount = await run('unshare', ['-rm', 'mount', '-t', 'tmpfs', 'tmpfs', tmpdir()]).then(
  () => true,
  () => false,
);

it.skipIf(!canMount)('an upload that the disk has no room for is rejected as disk_full', async () => {
  const disk = await mkdtemp(join(tmpdir(), 'semblance-full-'));
  const child = join(import.meta.dirname, 'full-disk-child.ts');
  const script = 'mount -t tmpfs -o size=256k tmpfs "$1" && "$2" "$3" "$1"';
  const { stdout } = await run('unshare', ['-rm', 'sh', '-ec', script, 'sh', disk, process.execPath, child]);
  await rm(disk, { recursive: true });
  expect(stdout).toMatch(/^507 .*"code":"disk_full"/);
});
