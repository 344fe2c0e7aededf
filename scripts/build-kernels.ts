/**
 * Assembles the WebAssembly kernels from their text: `node scripts/build-kernels.ts`. The results are checked in,
 * so that nothing is assembled at start and a bundle needs no extra file.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { basename } from 'node:path';
import wabt from 'wabt';

/** Paths from the root, and the name that the module exports. */
export const KERNELS = [
  { source: 'shared/vectors/dot.wat', target: 'shared/vectors/dot-kernel.ts', name: 'DOT_KERNEL' },
  {
    source: 'shared/images/resample.wat',
    target: 'shared/images/resample-kernel.ts',
    name: 'RESAMPLE_KERNEL',
  },
] as const;

const pathOf = (path: string) => new URL(`../${path}`, import.meta.url);

/** The text of the TypeScript module that holds the kernel. */
export async function assembleKernel({ source, name }: (typeof KERNELS)[number]): Promise<string> {
  const { parseWat } = await wabt();
  const module = parseWat(source, await readFile(pathOf(source), 'utf8'), { simd: true });
  const base64 = Buffer.from(module.toBinary({}).buffer).toString('base64');
  module.destroy();
  return `/** ${basename(source)}, assembled by scripts/build-kernels.ts; base64 of WebAssembly. */
export const ${name} =
  '${base64}';
`;
}

if (import.meta.main) {
  for (const kernel of KERNELS) await writeFile(pathOf(kernel.target), await assembleKernel(kernel));
}
