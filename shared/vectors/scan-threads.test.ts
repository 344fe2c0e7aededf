import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test, vi } from 'vitest';
import { createCodeMatrix } from './code-matrix.ts';
import { createScanThreads } from './scan-threads.ts';

vi.mock(import('node:os'), async original => ({ ...(await original()), availableParallelism: () => 1 }));

test('on one processor the calling thread scans all', async () => {
  const threads = createScanThreads();
  const matrix = createCodeMatrix(64, threads);
  const [near, far] = [new Float32Array(64).fill(0.125), new Float32Array(64).fill(-0.125)];
  // more than are scanned at once
  const count = 2 ** 18 + 9;
  for (let slot = 0; slot < count; slot++) matrix.set(slot, slot < count - 3 ? far : near);
  const { rows } = await matrix.candidates({ nearest: near }, 3);
  expect([...rows].sort()).toEqual([count - 3, count - 2, count - 1]);
  await threads.close();
});

/** Ends threads when the word that they are done waits to be heard. */
const CLOSE_WHILE_AT_WORK = `
  import { createScanThreads } from ${JSON.stringify(new URL('./scan-threads.ts', import.meta.url).href)};
  const memory = new WebAssembly.Memory({ initial: 16, maximum: 16, shared: true });
  const job = { query: 0, rows: 0, stride: 16, scales: 0, list: 0, scores: 0, factor: 1, excess: 0, count: 0 };
  for (let i = 0; i < 10; i++) {
    const threads = createScanThreads();
    await threads.run(memory, undefined, job);
    threads.run(memory, undefined, job).catch(() => {});
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
