import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { assembleKernel, KERNELS } from './build-kernels.ts';

test.each(KERNELS)('$target is what $source assembles to', async kernel => {
  const target = new URL(`../${kernel.target}`, import.meta.url);
  expect(await readFile(target, 'utf8')).toBe(await assembleKernel(kernel));
});
