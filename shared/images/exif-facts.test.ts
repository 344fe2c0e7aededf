import fc from 'fast-check';
import sharp from 'sharp';
import { expect, test } from 'vitest';
import { exifFacts } from './exif-facts.ts';

type Tags = Record<string, string>;
const withTags = (ifd: { IFD0?: Tags; IFD2?: Tags; IFD3?: Tags }) =>
  sharp({ create: { width: 8, height: 8, channels: 3, background: '#333' } })
    .withExif(ifd)
    .jpeg()
    .toBuffer();

test('camera, lens, exposure and place are read', async () => {
  const bytes = await withTags({
    IFD0: { Make: 'NIKON CORPORATION', Model: 'NIKON D750' },
    IFD2: {
      LensModel: '50mm f/1.8, G',
      ExposureTime: '1/250',
      FNumber: '28/10',
      ISOSpeedRatings: '400',
      FocalLength: '50/1',
      FocalLengthIn35mmFilm: '75',
    },
    IFD3: {
      GPSLatitudeRef: 'S',
      GPSLatitude: '33/1 51/1 3552/100',
      GPSLongitudeRef: 'E',
      GPSLongitude: '151/1 12/1 36/1',
      GPSAltitude: '10/1',
    },
  });
  expect(exifFacts(bytes)).toEqual({
    camera: 'NIKON D750',
    lens: '50mm f/1.8 G',
    exposure_time: 1 / 250,
    f_number: 2.8,
    iso: 400,
    focal_length: 50,
    focal_length_35mm: 75,
    latitude: -33.8598667,
    longitude: 151.21,
    altitude: 10,
  });
});

test.each([
  [{ Make: 'Apple', Model: 'iPhone 15' }, 'Apple iPhone 15'],
  [{ Make: 'Canon', Model: 'Canon EOS R5' }, 'Canon EOS R5'],
  [{ Model: 'X100V' }, 'X100V'],
  [{ Make: 'Sony' }, 'Sony'],
])('%j is %s', async (IFD0, camera) => {
  expect(exifFacts(await withTags({ IFD0 }))?.camera).toBe(camera);
});

test.each([
  [
    'a place in the sea off Africa, which means none',
    { GPSLatitude: '0/1 0/1 0/1', GPSLongitude: '0/1 0/1 0/1' },
  ],
  ['half a place', { GPSLatitude: '10/1 0/1 0/1' }],
  ['no such latitude', { GPSLatitude: '95/1 0/1 0/1', GPSLongitude: '1/1 0/1 0/1' }],
  ['a division by zero', { GPSLatitude: '1/0 0/0 0/0', GPSLongitude: '1/1 0/1 0/1' }],
])('%s is left out', async (_, IFD3) => {
  expect(exifFacts(await withTags({ IFD0: { Model: 'X' }, IFD3 }))).toMatchObject({
    camera: 'X',
    latitude: null,
    longitude: null,
    altitude: null,
  });
});

test('an image without EXIF says nothing, and garbage never throws', async () => {
  const bare = await sharp({ create: { width: 8, height: 8, channels: 3, background: '#333' } })
    .jpeg()
    .toBuffer();
  expect(exifFacts(bare)).toBeNull();
  const tagged = await withTags({ IFD0: { Make: 'A', Model: 'B' }, IFD2: { FNumber: '28/10' } });
  fc.assert(
    fc.property(fc.nat(tagged.length - 1), fc.integer({ min: 0, max: 255 }), (at, value) => {
      const damaged = Uint8Array.from(tagged);
      damaged[at] = value;
      exifFacts(damaged);
      exifFacts(damaged.subarray(0, at));
    }),
    { numRuns: 300 },
  );
});
