/**
 * Assembles shared/vectors/dot.wat into shared/vectors/dot-kernel.ts: `node scripts/build-dot-kernel.ts`.
 * The result is checked in, so that nothing is assembled at start and a bundle needs no extra file.
 */
import { readFile, writeFile } from 'node:fs/promises';
import wabt from 'wabt';

const SOURCE = new URL('../shared/vectors/dot.wat', import.meta.url);
export const KERNEL = new URL('../shared/vectors/dot-kernel.ts', import.meta.url);

/** The text of dot-kernel.ts as dot.wat makes it. */
export async function assembleKernel(): Promise<string> {
  const { parseWat } = await wabt();
  const module = parseWat('dot.wat', await readFile(SOURCE, 'utf8'), { simd: true });
  const base64 = Buffer.from(module.toBinary({}).buffer).toString('base64');
  module.destroy();
  return `/** dot.wat, assembled by scripts/build-dot-kernel.ts; base64 of WebAssembly. */
export const DOT_KERNEL =
  '${base64}';
`;
}

if (import.meta.main) await writeFile(KERNEL, await assembleKernel());
