import fc from 'fast-check';
import sharp from 'sharp';
import { expect, test } from 'vitest';
import { takenAt } from './taken-at.ts';

const withTags = (tags: Record<string, string>) =>
  sharp({ create: { width: 8, height: 8, channels: 3, background: '#333' } })
    .withExif({ IFD2: tags })
    .jpeg()
    .toBuffer();

test.each([
  ['no offset: taken for UTC', { DateTimeOriginal: '2021:02:03 04:05:06' }, '2021-02-03T04:05:06Z'],
  [
    'with its offset',
    { DateTimeOriginal: '2021:02:03 04:05:06', OffsetTimeOriginal: '-07:00' },
    '2021-02-03T04:05:06-07:00',
  ],
  [
    'digitized where there is no original',
    { DateTimeDigitized: '1999:12:31 23:59:59' },
    '1999-12-31T23:59:59Z',
  ],
  [
    'the original unless it is garbage',
    { DateTimeOriginal: 'yesterday', DateTimeDigitized: '1999:12:31 23:59:59' },
    '1999-12-31T23:59:59Z',
  ],
  ['a clock that was never set', { DateTimeOriginal: '0000:00:00 00:00:00' }, null],
  ['no such day', { DateTimeOriginal: '2021:02:31 04:05:06' }, null],
  ['no such hour', { DateTimeOriginal: '2021:02:03 25:05:06' }, null],
  ['blank', { DateTimeOriginal: '    :  :     :  :  ' }, null],
  [
    'an impossible offset is left out',
    { DateTimeOriginal: '2021:02:03 04:05:06', OffsetTimeOriginal: '+99:99' },
    '2021-02-03T04:05:06Z',
  ],
])('%s', async (_, tags, wanted) => {
  expect(takenAt(await withTags(tags))).toBe(wanted);
});

test('garbage in the metadata never throws, and what comes out is a date', async () => {
  const seed = await withTags({ DateTimeOriginal: '2021:02:03 04:05:06', OffsetTimeOriginal: '+01:00' });
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.nat(300), fc.nat(255)), { maxLength: 20 }), changes => {
      const bytes = Uint8Array.from(seed);
      for (const [at, value] of changes) bytes[at] = value;
      const date = takenAt(bytes);
      if (date !== null) expect(Number.isNaN(Date.parse(date))).toBe(false);
    }),
  );
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 400 }), bytes => {
      expect(takenAt(bytes)).toBeNull();
    }),
  );
});
