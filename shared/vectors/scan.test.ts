import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { plainScan, type ScanKernel, scanKernels } from './scan.ts';

const STRIDE = 128;
const SCALES = 4096;
const SCORES = 8192;
const LIST = 12_288;
const ROWS = 16_384;

type Case = { query: number[]; rows: number[][]; scales: number[]; list: number[] | null; factor: number };

/** Bits of the scores that a kernel makes. */
function scoresOf(kernel: ScanKernel, { query, rows, scales, list, factor }: Case): number[] {
  const memory = new WebAssembly.Memory({ initial: 2, maximum: 65_536, shared: true });
  new Int8Array(memory.buffer, 64).set(query);
  new Float32Array(memory.buffer, SCALES).set(scales);
  for (const [i, row] of rows.entries()) new Uint8Array(memory.buffer, ROWS + i * STRIDE).set(row);
  if (list) new Uint32Array(memory.buffer, LIST).set(list);
  const excess = 64 * query.reduce((sum, code) => sum + code, 0);
  const count = list?.length ?? rows.length;
  kernel(memory)(64, ROWS, STRIDE, SCALES, list ? LIST : 0, SCORES, 0, count, factor, excess);
  return [...new Uint32Array(memory.buffer, SCORES, count)];
}

const codes = (min: number, max: number) =>
  fc.oneof(
    fc.array(fc.integer({ min, max }), { minLength: STRIDE, maxLength: STRIDE }),
    fc.constantFrom(min, max).map(code => Array<number>(STRIDE).fill(code)),
    fc.array(fc.constantFrom(min, max), { minLength: STRIDE, maxLength: STRIDE }),
  );
const scale = fc.float({ min: 0, max: 1, noNaN: true });
const anyCase = fc
  .record({
    query: codes(-127, 127),
    rows: fc.array(fc.record({ row: codes(0, 127), scale }), { minLength: 1, maxLength: 20 }),
    picks: fc.option(fc.array(fc.nat(), { maxLength: 20 })),
    factor: scale,
  })
  .map(
    ({ query, rows, picks, factor }): Case => ({
      query,
      rows: rows.map(({ row }) => row),
      scales: rows.map(each => each.scale),
      list: picks?.map(pick => pick % rows.length) ?? null,
      factor,
    }),
  );

describe('every kernel that this machine runs', () => {
  it('is there: relaxed SIMD, SIMD and plain JavaScript', () => {
    expect(scanKernels).toHaveLength(3);
  });
  it('gives the same bits as a plain loop, on random and on extreme rows, with and without a list', () => {
    fc.assert(
      fc.property(anyCase, each => {
        const expected = scoresOf(plainScan, each);
        for (const kernel of scanKernels) expect(scoresOf(kernel, each)).toEqual(expected);
      }),
    );
  });
  it('scores by scale · factor · (Σ query·row − 64 · Σ query)', () => {
    const query = Array.from({ length: STRIDE }, (_, i) => (i % 255) - 127);
    const row = Array.from({ length: STRIDE }, (_, i) => 1 + ((i * 7) % 127));
    const sum = query.reduce((total, code, i) => total + code * (row[i]! - 64), 0);
    const expected = new Uint32Array(Float32Array.of(0.5 * 0.25 * sum).buffer)[0];
    for (const kernel of scanKernels)
      expect(scoresOf(kernel, { query, rows: [row], scales: [0.5], list: null, factor: 0.25 })).toEqual([
        expected,
      ]);
  });
});
