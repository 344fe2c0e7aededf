import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { canMount, jsonLines, runMounting, runOnSmallDisk } from '../small-disk.ts';

const root = mkdtempSync(join(tmpdir(), 'semblance-full-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

describe.skipIf(!canMount)('a small disk', () => {
  it('that is full stops indexing, which goes on when there is room; a read-only one is reported', async () => {
    const printed = await runOnSmallDisk(join(import.meta.dirname, 'full-disk-child.ts'), {
      disk: join(root, 'disk'),
      size: '1m',
      more: [join(root, 'images')],
      thenReadOnly: true,
    });
    expect(jsonLines(printed)).toEqual([
      { code: 'disk_full', healed: true, leftOver: [] },
      { code: 'data_read_only' },
    ]);
  });

  it('that is unmounted leaves the index as it is, though each of its images seems gone', async () => {
    const folder = join(root, 'drive');
    mkdirSync(folder);
    const printed = await runMounting(join(import.meta.dirname, 'unmount-child.ts'), [
      folder,
      join(root, 'data'),
    ]);
    expect(JSON.parse(printed)).toEqual({
      gone: { reconcile: 'folder_missing', sweep: 'folder_missing' },
      kept: 2,
      back: { reconcile: 'none', sweep: 'none' },
    });
  });
});
