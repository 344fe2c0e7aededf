import { readFile } from 'node:fs/promises';
import fc from 'fast-check';
import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import { tiff } from '../../tests/images/camera-raw.ts';
import { box } from '../../tests/images/jpeg2000.ts';
import { takenAt } from './taken-at.ts';

const withTags = (tags: Record<string, string>) =>
  sharp({ create: { width: 8, height: 8, channels: 3, background: '#333' } })
    .withExif({ IFD2: tags })
    .jpeg()
    .toBuffer();

test.each([
  ['no offset: the clock of the place', { DateTimeOriginal: '2021:02:03 04:05:06' }, '2021-02-03T04:05:06'],
  [
    'with its offset',
    { DateTimeOriginal: '2021:02:03 04:05:06', OffsetTimeOriginal: '-07:00' },
    '2021-02-03T04:05:06-07:00',
  ],
  [
    'digitized where there is no original',
    { DateTimeDigitized: '1999:12:31 23:59:59' },
    '1999-12-31T23:59:59',
  ],
  [
    'the original unless it is garbage',
    { DateTimeOriginal: 'yesterday', DateTimeDigitized: '1999:12:31 23:59:59' },
    '1999-12-31T23:59:59',
  ],
  ['a clock that was never set', { DateTimeOriginal: '0000:00:00 00:00:00' }, null],
  ['no such day', { DateTimeOriginal: '2021:02:31 04:05:06' }, null],
  ['no such hour', { DateTimeOriginal: '2021:02:03 25:05:06' }, null],
  ['blank', { DateTimeOriginal: '    :  :     :  :  ' }, null],
  [
    'an impossible offset is left out',
    { DateTimeOriginal: '2021:02:03 04:05:06', OffsetTimeOriginal: '+99:99' },
    '2021-02-03T04:05:06',
  ],
  [
    'an offset without a colon',
    { DateTimeOriginal: '2021:02:03 04:05:06+0530' },
    '2021-02-03T04:05:06+05:30',
  ],
  ['UTC by its letter', { DateTimeOriginal: '2021-02-03T04:05:06Z' }, '2021-02-03T04:05:06Z'],
  ['midnight of twelve hours', { DateTimeOriginal: '2021:02:03 12:05:06 AM' }, '2021-02-03T00:05:06'],
  ['noon of twelve hours', { DateTimeOriginal: '2021:02:03 12:05:06 pm' }, '2021-02-03T12:05:06'],
  ['an afternoon of 24 hours', { DateTimeOriginal: '2021:02:03 18:05:06 PM' }, '2021-02-03T18:05:06'],
  ['no seconds', { DateTimeOriginal: '2021:02:03 04:05' }, '2021-02-03T04:05:00'],
])('%s', async (_, tags, wanted) => {
  const taken = takenAt(await withTags(tags));
  expect(taken).toEqual(wanted === null ? null : { at: wanted, source: 'exif' });
});

test.each([
  ['下午 in UTF-8', '下午', 'utf8'],
  ['下午 in GB 18030', '\xcf\xc2\xce\xe7  ', 'latin1'],
] as const)('%s', async (_, half, encoding) => {
  const bytes = await withTags({ DateTimeOriginal: '2021:02:03 XXXXXX06:05:06' });
  bytes.write(half, bytes.indexOf('XXXXXX'), encoding);
  expect(takenAt(bytes)).toEqual({ at: '2021-02-03T18:05:06', source: 'exif' });
});

test.each([
  ['evening-without-offset.jpg', '2015-03-01T20:30:00'],
  ['exif-date-with-offset-inside.jpg', '2025-01-14T18:31:30+02:00'],
  ['exif-date-with-pm.jpg', '2025-01-14T18:31:30'],
  ['morning-offset-0800.jpg', '2016-03-01T01:30:00+08:00'],
])('%s', async (name, at) => {
  const bytes = await readFile(new URL(`../../tests/fixtures/dates/${name}`, import.meta.url));
  expect(takenAt(bytes)).toEqual({ at, source: 'exif' });
});

const jpeg = () => sharp({ create: { width: 8, height: 8, channels: 3, background: '#333' } }).jpeg();

describe('without EXIF', () => {
  const packet = (attributes: string, inside = '') =>
    `<?xpacket begin="" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description ` +
    `xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmlns:exif="http://ns.adobe.com/exif/1.0/" xmlns:photoshop="http://ns.adobe.com/photoshop/1.0/" ` +
    `${attributes}>${inside}</rdf:Description></rdf:RDF></x:xmpmeta><?xpacket end="w"?>`;

  test.each([
    ['xmp:CreateDate="2019-08-07T06:05:04+02:00"', '', '2019-08-07T06:05:04+02:00'],
    ['', '<exif:DateTimeOriginal>2019-08-07T06:05:04.25</exif:DateTimeOriginal>', '2019-08-07T06:05:04'],
    ["photoshop:DateCreated='2019-08-07'", '', '2019-08-07T00:00:00'],
    ['xmp:CreateDate="2020-01-01" exif:DateTimeOriginal="2019-08-07"', '', '2019-08-07T00:00:00'],
  ])('is read from XMP: %s%s', async (attributes, inside, at) => {
    for (const format of ['jpeg', 'png', 'webp'] as const) {
      const bytes = await jpeg().withXmp(packet(attributes, inside)).toFormat(format).toBuffer();
      expect(takenAt(bytes)).toEqual({ at, source: 'xmp' });
    }
  });

  test('then IPTC', async () => {
    const bytes = await jpeg().toBuffer();
    const date = iptc([55, '20190807'], [60, '060504+0200']);
    expect(takenAt(Buffer.concat([bytes.subarray(0, 2), date, bytes.subarray(2)]))).toEqual({
      at: '2019-08-07T06:05:04+02:00',
      source: 'iptc',
    });
  });

  /** An APP13 segment of Photoshop's with IPTC records (IIM 4.2, chapter 3). */
  function iptc(...records: [dataset: number, text: string][]): Buffer {
    const data = Buffer.concat(
      records.map(([dataset, text]) => Buffer.from([0x1c, 2, dataset, 0, text.length, ...Buffer.from(text)])),
    );
    const size = Buffer.alloc(4);
    size.writeUInt32BE(data.length);
    const body = Buffer.concat([
      Buffer.from('Photoshop 3.0\0' + '8BIM\x04\x04\0\0', 'latin1'),
      size,
      data,
      Buffer.alloc(data.length % 2),
    ]);
    return Buffer.concat([Buffer.from([0xff, 0xed, (body.length + 2) >> 8, (body.length + 2) & 255]), body]);
  }
});

test('of a camera raw, from its directory or the preview in it', async () => {
  const dated = await withTags({ DateTimeOriginal: '2021:02:03 04:05:06' });
  expect(takenAt(Buffer.concat([Buffer.from('FUJIFILMCCD-RAW 0201'), Buffer.alloc(99), dated]))).toEqual({
    at: '2021-02-03T04:05:06',
    source: 'exif',
  });
  const exif = tiff([[0x9003, 2, '2022:02:03 04:05:06']]);
  const cr3 = Buffer.concat([
    Buffer.from('\0\0\0\x18ftypcrx \0\0\0\x01crx isom', 'latin1'),
    box('CMT2', exif),
  ]);
  expect(takenAt(cr3)).toEqual({ at: '2022-02-03T04:05:06', source: 'exif' });
});

test('garbage in the metadata never throws, and what comes out is a date', async () => {
  const seed = await withTags({ DateTimeOriginal: '2021:02:03 04:05:06', OffsetTimeOriginal: '+01:00' });
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.nat(300), fc.nat(255)), { maxLength: 20 }), changes => {
      const bytes = Uint8Array.from(seed);
      for (const [at, value] of changes) bytes[at] = value;
      const date = takenAt(bytes);
      if (date !== null) expect(Number.isNaN(Date.parse(date.at))).toBe(false);
    }),
  );
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 400 }), bytes => {
      expect(takenAt(bytes)).toBeNull();
    }),
  );
});
