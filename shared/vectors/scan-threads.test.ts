import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import type { ScanJob } from './scan-job.ts';
import { createScanThreads } from './scan-threads.ts';

test('a job whose thread fails is rejected, and the next gets new threads', async () => {
  const memory = new WebAssembly.Memory({ initial: 16, maximum: 16, shared: true });
  const nearest = { at: 64, factor: 1, excess: 0 };
  const place = { rows: 65_536, stride: 64, scales: 4096, list: 0, scores: 131_072 };
  const job: ScanJob = { queries: { nearest }, ...place, count: 9, depth: 1, margin: 0 };
  const threads = createScanThreads();
  const beyond = { ...job, rows: memory.buffer.byteLength };
  await expect(threads.run(memory, beyond)).rejects.toMatchObject({ code: 'index_unavailable' });
  const parts = await threads.run(memory, job);
  expect(parts.flatMap(({ places }) => [...places]).sort()).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8]);
  await threads.close();
});

/** Ends threads when the word that they are done waits to be heard. */
const CLOSE_WHILE_AT_WORK = `
  import { createScanThreads } from ${JSON.stringify(new URL('./scan-threads.ts', import.meta.url).href)};
  const memory = new WebAssembly.Memory({ initial: 16, maximum: 16, shared: true });
  const job = { query: 0, rows: 0, stride: 16, scales: 0, list: 0, scores: 0, factor: 1, excess: 0, count: 0 };
  for (let i = 0; i < 10; i++) {
    const threads = createScanThreads();
    await threads.run(memory, job);
    threads.run(memory, job).catch(() => {});
    await Promise.resolve();
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 50);
    await threads.close();
  }
  console.log('closed');
`;

test('threads that are closed while a job ends are closed, and the process is told so', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'semblance-threads-'));
  const script = join(folder, 'close.mjs');
  await writeFile(script, CLOSE_WHILE_AT_WORK);
  const { stdout } = await promisify(execFile)(process.execPath, [script]).finally(() =>
    rm(folder, { recursive: true }),
  );
  expect(stdout).toBe('closed\n');
});
