/**
 * Assembles the WebAssembly kernels from their text: `node scripts/build-kernels.ts`. The results are checked in,
 * so that nothing is assembled at start and a bundle needs no extra file.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { basename } from 'node:path';
import wabt from 'wabt';

type Kernel = {
  /** Paths from the root. */
  readonly source: string;
  readonly target: string;
  /** The constants that the target exports, each with what `(DOT $sum offset)` stands for in the source. */
  readonly constants: Readonly<Record<string, (sum: string, offset: number) => string>>;
};

const never = (): never => {
  throw new Error('This kernel has no DOT');
};

/** One instruction where the processor has one for it. Its second operand must be below 128: the row. */
const relaxedDot = (sum: string, offset: number): string => `
  (local.set ${sum} (i32x4.relaxed_dot_i8x16_i7x16_add_s
    (v128.load offset=${offset} (local.get $at)) (v128.load offset=${offset} (local.get $row))
    (local.get ${sum})))`;

/** The same sums by 16-bit products of eight components at a time. */
const wideningDot = (sum: string, offset: number): string =>
  [offset, offset + 8]
    .map(
      half => `
  (local.set ${sum} (i32x4.add (local.get ${sum}) (i32x4.dot_i16x8_s
    (v128.load8x8_s offset=${half} (local.get $at)) (v128.load8x8_s offset=${half} (local.get $row)))))`,
    )
    .join('');

export const KERNELS: readonly Kernel[] = [
  {
    source: 'shared/vectors/scan.wat',
    target: 'shared/vectors/scan-kernel.ts',
    constants: { RELAXED_SCAN: relaxedDot, WIDENING_SCAN: wideningDot },
  },
  {
    source: 'shared/images/resample.wat',
    target: 'shared/images/resample-kernel.ts',
    constants: { RESAMPLE_KERNEL: never },
  },
];

const FEATURES = { simd: true, relaxed_simd: true, threads: true };

const pathOf = (path: string) => new URL(`../${path}`, import.meta.url);

/** The text of the TypeScript module that holds the kernel. */
export async function assembleKernel({ source, constants }: Kernel): Promise<string> {
  const { parseWat } = await wabt();
  const text = await readFile(pathOf(source), 'utf8');
  const lines = Object.entries(constants).map(([name, dot]) => {
    const written = text.replace(
      /^( *)\(DOT (\$\w) (\d+)\)/gm,
      (_, space, sum, offset) => `${space}${dot(sum, Number(offset)).trim()}`,
    );
    const module = parseWat(source, written, FEATURES);
    const base64 = Buffer.from(module.toBinary({}).buffer).toString('base64');
    module.destroy();
    return `export const ${name} =\n  '${base64}';\n`;
  });
  return `/** ${basename(source)}, assembled by scripts/build-kernels.ts; base64 of WebAssembly. */\n${lines.join('\n')}`;
}

if (import.meta.main) {
  for (const kernel of KERNELS) await writeFile(pathOf(kernel.target), await assembleKernel(kernel));
}
