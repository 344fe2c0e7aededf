import { RELAXED_SCAN, WIDENING_SCAN } from './scan-kernel.ts';

/**
 * Estimates of one query against rows of int8 codes, in a memory that threads share (scan.wat): for each i from
 * `from` to `to` the score at `scores + 4i`, which is scale · factor · (Σ query·row − excess) of row `list[i]`, or of
 * row i without a list. All places are byte offsets.
 */
export type Scan = (
  query: number,
  rows: number,
  stride: number,
  scales: number,
  list: number,
  scores: number,
  from: number,
  to: number,
  factor: number,
  excess: number,
) => void;

/** A way to scan a memory; all give the same bits. */
export type ScanKernel = (memory: WebAssembly.Memory) => Scan;

function assembled(base64: string): ScanKernel | undefined {
  const bytes = Buffer.from(base64, 'base64');
  if (!WebAssembly.validate(bytes)) return undefined;
  const module = new WebAssembly.Module(bytes);
  return memory => new WebAssembly.Instance(module, { host: { memory } }).exports['scan'] as Scan;
}

/** The kernel in plain JavaScript: what the others are compared with, and the last resort. */
export const plainScan: ScanKernel = memory => {
  return (query, rows, stride, scales, list, scores, from, to, factor, excess) => {
    const bytes = new Int8Array(memory.buffer);
    const integers = new Uint32Array(memory.buffer);
    const floats = new Float32Array(memory.buffer);
    for (let i = from; i < to; i++) {
      const number = list === 0 ? i : integers[list / 4 + i]!;
      const row = rows + number * stride;
      let sum = 0;
      for (let at = 0; at < stride; at++) sum += bytes[query + at]! * bytes[row + at]!;
      floats[scores / 4 + i] = Math.fround(floats[scales / 4 + number]! * factor) * Math.fround(sum - excess);
    }
  };
};

/** The kernels that this machine runs, fastest first. */
export const scanKernels: readonly ScanKernel[] = [
  assembled(RELAXED_SCAN),
  assembled(WIDENING_SCAN),
  plainScan,
].filter(kernel => kernel !== undefined);

export const fastestScan: ScanKernel = scanKernels[0] ?? plainScan;
