import { describe, expect, it } from 'vitest';
import { createCoder, marginOf } from './codes.ts';
import { seeded } from './seeded.ts';
import { unit } from './unit.ts';

const random = seeded(1);
const bell = (): number => random() + random() + random() - 1.5;

/** Kinds of vectors that rounding could treat badly. */
const KINDS: Record<string, (dimension: number) => Float32Array> = {
  even: dimension => Float32Array.from({ length: dimension }, bell),
  'with a few huge components': dimension =>
    Float32Array.from({ length: dimension }, (_, i) => bell() * (i % 171 === 5 ? 12 : 1)),
  'of few components, small whole numbers': dimension =>
    new Float32Array(dimension)
      .fill(1, 0, 1)
      .fill(Math.ceil(random() * 3), 3, 4)
      .fill(2, 7, 8),
  'all the same': dimension => new Float32Array(dimension).fill(1),
};

describe.each([8, 64, 384, 512, 768])('codes of %i components', dimension => {
  it.each(Object.keys(KINDS))('estimate within the margin: vectors %s', kind => {
    const coder = createCoder(dimension);
    const make = () => unit(KINDS[kind]!(dimension));
    const rows = Array.from({ length: 100 }, () => {
      const vector = make();
      const codes = new Uint8Array(coder.stride);
      return { vector, codes, scale: coder.codeRow(vector, codes) };
    });
    const largest = Math.max(...rows.map(row => row.scale));
    for (let n = 0; n < 20; n++) {
      const query = make();
      const codes = new Int8Array(coder.stride);
      const factor = coder.codeQuery(query, codes);
      for (const row of rows) {
        const exact = query.reduce((sum, value, i) => sum + value * row.vector[i]!, 0);
        const sum = codes.reduce((total, code, i) => total + code * (row.codes[i]! - 64), 0);
        expect(Math.abs(exact - sum * factor * row.scale)).toBeLessThan(marginOf(largest, factor));
      }
    }
  });
  it('stay within seven bits for rows and a sign and seven for queries', () => {
    const coder = createCoder(dimension);
    const [row, query] = [new Uint8Array(coder.stride), new Int8Array(coder.stride)];
    for (const make of Object.values(KINDS)) {
      coder.codeRow(make(dimension), row);
      coder.codeQuery(make(dimension), query);
      expect(Math.max(...row)).toBeLessThanOrEqual(127);
      expect(Math.min(...row)).toBeGreaterThanOrEqual(1);
      expect(Math.min(...query)).toBeGreaterThanOrEqual(-127);
    }
  });
});

it('a vector of zeros has codes of zero', () => {
  const coder = createCoder(64);
  const codes = new Uint8Array(64);
  expect(coder.codeRow(new Float32Array(64), codes)).toBe(0);
  expect(codes).toEqual(new Uint8Array(64).fill(64));
});
