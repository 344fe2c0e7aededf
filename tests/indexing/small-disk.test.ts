import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, describe, expect, it } from 'vitest';

const run = promisify(execFile);
const root = mkdtempSync(join(tmpdir(), 'semblance-full-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

describe('a small disk', async () => {
  const canMount = await run('unshare', ['-rm', 'mount', '-t', 'tmpfs', 'tmpfs', tmpdir()]).then(
    () => true,
    () => false,
  );

  it.skipIf(!canMount)(
    'that is full stops indexing, which goes on when there is room; a read-only one is told',
    async () => {
      const disk = join(root, 'disk');
      mkdirSync(disk);
      const script =
        'mount -t tmpfs -o size=1m tmpfs "$1" && "$3" "$4" "$1" "$2" && mount -o remount,ro "$1" && "$3" "$4" "$1" "$2"';
      const child = join(import.meta.dirname, 'full-disk-child.ts');
      const { stdout } = await run('unshare', [
        '-rm',
        'sh',
        '-ec',
        script,
        'sh',
        disk,
        join(root, 'images'),
        process.execPath,
        child,
      ]);
      expect(
        stdout
          .trim()
          .split('\n')
          .map(line => JSON.parse(line)),
      ).toEqual([{ code: 'disk_full', healed: true, leftOver: [] }, { code: 'data_read_only' }]);
    },
  );

  it.skipIf(!canMount)(
    'that is unmounted leaves the index as it is, though each of its images seems gone',
    async () => {
      const folder = join(root, 'drive');
      mkdirSync(folder);
      const child = join(import.meta.dirname, 'unmount-child.ts');
      const { stdout } = await run('unshare', ['-rm', process.execPath, child, folder, join(root, 'data')]);
      expect(JSON.parse(stdout)).toEqual({
        gone: { reconcile: 'folder_missing', sweep: 'folder_missing' },
        kept: 2,
        back: { reconcile: 'none', sweep: 'none' },
      });
    },
  );
});
