import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { openLog } from '../../functions/local/log.ts';

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'semblance-log-'));
});
afterEach(async () => {
  vi.restoreAllMocks();
  await rm(root, { recursive: true, force: true });
});

it('a log that can not be written is reported once, and goes on when it can', async () => {
  const written = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  const dataFolder = join(root, 'data');
  const log = openLog({ logLevel: 'info', dataFolder }, true);
  await writeFile(dataFolder, '');
  log.info('first');
  log.info('second');
  expect(written).toHaveBeenCalledTimes(1);
  expect(written.mock.calls[0]?.[0]).toContain("The log can't be written");
  await rm(dataFolder);
  log.info('third');
  expect(await readFile(join(dataFolder, 'semblance.log'), 'utf8')).toMatch(/"message":"third"/);
});
