import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isDateTime, localClock, takenOfName } from './taken.ts';

describe('the date in a name', () => {
  it.each([
    ['IMG_20260301_203000.jpg', '2026-03-01T20:30:00'],
    ['PXL_20260301_203000123.MP.jpg', '2026-03-01T20:30:00'],
    ['20260301_083000.heic', '2026-03-01T08:30:00'],
    ['Screenshot_20260301-203000_Maps.png', '2026-03-01T20:30:00'],
    ['Screenshot 2026-03-01 at 8.30.00 PM.png', '2026-03-01T20:30:00'],
    ['WhatsApp Image 2026-03-01 at 20.30.00.jpeg', '2026-03-01T20:30:00'],
    ['signal-2026-03-01-20-30-00-123.jpg', '2026-03-01T20:30:00'],
    ['微信图片_20260301203000.jpg', '2026-03-01T20:30:00'],
    ['2026-03-01 20.30.00.jpg', '2026-03-01T20:30:00'],
    ['IMG-20260301-WA0001.jpg', '2026-03-01T00:00:00'],
    ['1965-07-12 wedding.tif', '1965-07-12T00:00:00'],
  ])('%s', (name, at) => expect(takenOfName(name)).toEqual({ at, source: 'name' }));

  it.each([
    'DSC01234.jpg',
    'IMG_2026.jpg',
    '20261301.jpg',
    '2026-02-30.jpg',
    '120260301.jpg',
    '99999999.jpg',
    '',
  ])('is none: %s', name => expect(takenOfName(name)).toBeNull());

  it('is a date whatever the name', () => {
    const parts = fc.oneof(
      fc.constantFrom('2026', '-', '_', '03', '31', '20', ' at ', 'PM', '.'),
      fc.string(),
    );
    fc.assert(
      fc.property(fc.array(parts, { maxLength: 12 }), some => {
        const taken = takenOfName(some.join(''));
        if (taken) expect(isDateTime(taken.at)).toBe(true);
      }),
    );
  });
});

it('the clock of a place is the same with any offset', () => {
  for (const offset of ['', 'Z', '+08:00', '-03:30'])
    expect(localClock(`2026-03-01T20:30:00${offset}`)).toBe('2026-03-01T20:30:00Z');
});
