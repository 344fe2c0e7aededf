import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { foldersOf, nameOrder } from './browse-fields.ts';

const compare = (one: string, other: string): number => {
  const [a, b] = [nameOrder(one), nameOrder(other)];
  const i = a.findIndex((part, at) => part !== b[at]);
  return i === -1 ? 0 : Math.sign(a[i]! - b[i]!);
};

describe('the order of names', () => {
  it.each([
    ['IMG_2.jpg', 'IMG_10.jpg'],
    ['a.jpg', 'B.jpg'],
    ['img_009.jpg', 'IMG_10.jpg'],
    ['IMG_20240101_080000.jpg', 'IMG_20240101_200000.jpg'],
    ['a', 'a1'],
    ['cat.jpg', '猫.jpg'],
  ])('%s comes before %s', (one, other) => {
    expect(compare(one, other)).toBe(-1);
    expect(compare(other, one)).toBe(1);
  });

  it('takes composed and decomposed names for the same, and full-width digits for digits', () => {
    expect(compare('Zoë.jpg'.normalize('NFC'), 'Zoë.jpg'.normalize('NFD'))).toBe(0);
    expect(compare('１２.jpg', '12.jpg')).toBe(0);
  });

  it('is of whole numbers that JSON keeps, by value for any two numbers', () => {
    fc.assert(
      fc.property(fc.nat(999_999_999), fc.nat(999_999_999), (a, b) => {
        expect(compare(`x${a}`, `x${b}`)).toBe(Math.sign(a - b));
      }),
    );
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), name => {
        for (const part of nameOrder(name)) expect(Number.isSafeInteger(part)).toBe(true);
      }),
    );
  });
});

describe('the folders of a key', () => {
  it.each([
    ['a.jpg', []],
    ['2024/trip/a.jpg', ['2024', '2024/trip']],
    ['uploads/b3aff1e9-8085-5300-8e06-37b522384659.jpeg', []],
    ['uploads/mine.jpeg', ['uploads']],
  ])('%s: %j', (key, folders) => {
    expect(foldersOf(key)).toEqual(folders);
  });
});
