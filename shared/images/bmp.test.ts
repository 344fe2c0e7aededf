import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { SemblanceError } from '../errors.ts';
import { decodeBmp } from './bmp.ts';

/** 3 × 2: red, green, blue over white, black, grey. */
const PIXELS = [
  [255, 0, 0],
  [0, 255, 0],
  [0, 0, 255],
  [255, 255, 255],
  [0, 0, 0],
  [128, 128, 128],
] as const;
const [WIDTH, HEIGHT] = [3, 2];
const INDEXES = [0, 1, 2, 3, 4, 5];
const PALETTE = PIXELS.flatMap(([r, g, b]) => [b, g, r, 0]);

type Form = {
  readonly bits: number;
  readonly compression?: number;
  readonly rows: readonly (readonly number[])[];
  readonly palette?: readonly number[];
  readonly masks?: readonly number[];
  readonly topDown?: boolean;
};

/** A file of this form; rows as they are stored, bottom row first unless topDown. */
function file({ bits, compression = 0, rows, palette = [], masks = [], topDown = false }: Form): Buffer {
  const head = Buffer.alloc(54 + masks.length * 4);
  head.write('BM');
  head.writeUInt32LE(head.length + palette.length, 10);
  head.writeUInt32LE(40, 14);
  head.writeInt32LE(WIDTH, 18);
  head.writeInt32LE(topDown ? -HEIGHT : HEIGHT, 22);
  head.writeUInt16LE(1, 26);
  head.writeUInt16LE(bits, 28);
  head.writeUInt32LE(compression, 30);
  head.writeUInt32LE(palette.length / 4, 46);
  for (const [i, mask] of masks.entries()) head.writeUInt32LE(mask, 54 + 4 * i);
  return Buffer.concat([head, Buffer.from(palette), ...rows.map(row => Buffer.from(row))]);
}

const bgr = (indexes: readonly number[]) => indexes.flatMap(i => [...(PIXELS[i] ?? [])].reverse());
const of16 = (indexes: readonly number[], green: 5 | 6) =>
  indexes.flatMap(i => {
    const [r, g, b] = PIXELS[i] ?? [0, 0, 0];
    const value = ((r >> 3) << (5 + green)) | ((g >> (8 - green)) << 5) | (b >> 3);
    return [value & 255, value >> 8];
  });
const TOP = INDEXES.slice(0, 3);
const BOTTOM = INDEXES.slice(3);

const FORMS: Record<string, Form> = {
  '24 bits': {
    bits: 24,
    rows: [
      [...bgr(BOTTOM), 0, 0, 0],
      [...bgr(TOP), 0, 0, 0],
    ],
  },
  '24 bits, top row first': {
    bits: 24,
    topDown: true,
    rows: [
      [...bgr(TOP), 0, 0, 0],
      [...bgr(BOTTOM), 0, 0, 0],
    ],
  },
  '32 bits, the fourth unused': {
    bits: 32,
    rows: [BOTTOM, TOP].map(row => row.flatMap(i => [...bgr([i]), 0])),
  },
  '8 bits': {
    bits: 8,
    palette: PALETTE,
    rows: [
      [...BOTTOM, 0],
      [...TOP, 0],
    ],
  },
  '4 bits': {
    bits: 4,
    palette: PALETTE,
    rows: [
      [0x34, 0x50, 0, 0],
      [0x01, 0x20, 0, 0],
    ],
  },
  'runs of 8 bits': {
    bits: 8,
    compression: 1,
    palette: PALETTE,
    rows: [
      [0, 3, ...BOTTOM, 0, 0, 0],
      [1, 0, 1, 1, 1, 2, 0, 0],
      [0, 1],
    ],
  },
  'runs of 4 bits': {
    bits: 4,
    compression: 2,
    palette: PALETTE,
    rows: [
      [0, 3, 0x34, 0x50, 0, 0],
      [2, 0x01, 1, 0x20, 0, 0],
      [0, 1],
    ],
  },
  'bit fields of 32 bits, red lowest': {
    bits: 32,
    compression: 3,
    masks: [0xff, 0xff00, 0xff0000],
    rows: [BOTTOM, TOP].map(row => row.flatMap(i => [...(PIXELS[i] ?? []), 0])),
  },
};

describe('a BMP is read with', () => {
  test.each(Object.entries(FORMS))('%s', (_, form) => {
    const bmp = decodeBmp(file(form));
    expect(bmp).toMatchObject({ width: WIDTH, height: HEIGHT, channels: 3, rows: HEIGHT });
    expect([...bmp.data]).toEqual(PIXELS.flat());
  });

  test.each([
    [
      '5 bits a colour',
      {
        bits: 16,
        rows: [
          [...of16(BOTTOM, 5), 0, 0],
          [...of16(TOP, 5), 0, 0],
        ],
      },
    ],
    [
      '6 bits of green',
      {
        bits: 16,
        compression: 3,
        masks: [0xf800, 0x07e0, 0x1f],
        rows: [
          [...of16(BOTTOM, 6), 0, 0],
          [...of16(TOP, 6), 0, 0],
        ],
      },
    ],
  ] as const)('%s', (_, form) => {
    const levels = [...decodeBmp(file(form)).data];
    for (const [i, level] of PIXELS.flat().entries())
      expect(Math.abs((levels[i] ?? 0) - level)).toBeLessThan(5);
  });

  test('1 bit', () => {
    const form = {
      bits: 1,
      palette: [0, 0, 0, 0, 255, 255, 255, 0],
      rows: [
        [0b010 << 5, 0, 0, 0],
        [0b101 << 5, 0, 0, 0],
      ],
    };
    expect([...decodeBmp(file(form)).data]).toEqual(
      [1, 0, 1, 0, 1, 0].flatMap(bit => Array(3).fill(bit * 255)),
    );
  });

  test('alpha, where any of it is more than 0', () => {
    const masks = [0xff0000, 0xff00, 0xff, 0xff000000];
    const rows = (alpha: number) => [BOTTOM, TOP].map(row => row.flatMap(i => [...bgr([i]), alpha]));
    const seen = (alpha: number) =>
      decodeBmp(file({ bits: 32, compression: 6, masks, rows: rows(alpha) })).data.filter(
        (_, i) => i % 4 === 3,
      );
    expect([...seen(100)]).toEqual(Array(6).fill(100));
    expect([...seen(0)]).toEqual(Array(6).fill(255));
  });
});

test('rows that a cut file lacks are counted', () => {
  const whole = file(FORMS['24 bits']!);
  expect(decodeBmp(whole.subarray(0, whole.length - 5)).rows).toBe(1);
});

test('bytes damaged anywhere are read or rejected with a reason', () => {
  const forms = Object.values(FORMS).map(file);
  fc.assert(
    fc.property(
      fc.constantFrom(...forms),
      fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 4 }),
      fc.nat(),
      (form, changes, cut) => {
        const damaged = Buffer.from(form);
        for (const [at, byte] of changes) damaged[at % damaged.length] = byte;
        const bytes = damaged.subarray(0, damaged.length - (cut % 20));
        try {
          const size = bytes.readInt32LE(18) * bytes.readInt32LE(22);
          fc.pre(Math.abs(size) < 1e6);
          decodeBmp(bytes);
        } catch (error) {
          if (error instanceof SemblanceError) expect(error.code).toMatch(/^image_(?:corrupt|unsupported)$/);
          else if (!(error instanceof RangeError && bytes.length < 26)) throw error;
        }
      },
    ),
    { numRuns: 2_000 },
  );
});
