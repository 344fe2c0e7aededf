import { S3Client } from '@aws-sdk/client-s3';
import { expect, test } from 'vitest';
import { payloadSchema } from '../../shared/catalog/payload.ts';
import { openS3Store } from '../../shared/objects/s3-store.ts';
import type { IndexedImage } from '../../shared/search/images.ts';
import { KEYS_OF_NO_FILE, LOOKALIKE_KEYS } from '../../tests/contracts/names.ts';
import { startAws } from '../../tests/embed/function.ts';
import { s3Uploads, s3Urls } from './s3-urls.ts';

const client = new S3Client({
  region: 'eu-central-1',
  credentials: { accessKeyId: 'key', secretAccessKey: 'secret' },
  requestChecksumCalculation: 'WHEN_REQUIRED',
  responseChecksumValidation: 'WHEN_REQUIRED',
});
const originals = { bucket: 'images', prefix: 'photos/' };
const derived = { bucket: 'derived', prefix: '' };
const ID = 'b3aff1e9-8085-5300-8e06-37b522384659';

const image: IndexedImage = {
  id: ID,
  payload: payloadSchema.parse({
    key: 'sommer/strand 狗.jpg',
    etag: 'e',
    format: 'jpeg',
    bytes: 1,
    sha1: 'a'.repeat(40),
    width: 1,
    height: 1,
    aspect_ratio: 1,
    taken_at_source: 'file',
    taken_local: '2026-01-01T00:00:00Z',
    index_date: '2026-01-01T00:00:00Z',
    dhash: '0'.repeat(16),
    has_thumbnail: true,
    has_preview: true,
    local: true,
  }),
};

const at = (time: string) => () => Date.parse(time);

test('an image has the same URL for half an hour, and it lasts at least another', async () => {
  const urlAt = (time: string) =>
    s3Urls({ client, placeOf: () => originals, derived, now: at(time) })('original', image);
  const first = await urlAt('2026-03-01T10:00:00Z');
  expect(await urlAt('2026-03-01T10:29:59Z')).toBe(first);
  expect(await urlAt('2026-03-01T10:30:00Z')).not.toBe(first);
  const { searchParams, pathname, host } = new URL(first);
  expect(searchParams.get('X-Amz-Date')).toBe('20260301T100000Z');
  expect(searchParams.get('X-Amz-Expires')).toBe('5400');
  expect(host).toBe('images.s3.eu-central-1.amazonaws.com');
  expect(decodeURIComponent(pathname)).toBe('/photos/sommer/strand 狗.jpg');
});

test('an image is served with its own type, and no checksum is requested', async () => {
  const url = new URL(await s3Urls({ client, placeOf: () => originals, derived })('thumbnail', image));
  expect(url.pathname).toBe(`/thumbnails/${ID}.webp`);
  expect(url.searchParams.get('response-content-type')).toBe('image/webp');
  expect([...url.searchParams.keys()].filter(name => /checksum/i.test(name))).toEqual([]);
});

test('an original is found in the bucket of its key', async () => {
  const uploads = { bucket: 'uploads', prefix: '' };
  const placeOf = (key: string) => (key.startsWith('uploads/') ? uploads : originals);
  const urls = s3Urls({ client, placeOf, derived });
  const upload = { ...image, payload: { ...image.payload, key: `uploads/${ID}.jpeg` } };
  expect(new URL(await urls('original', upload)).host).toMatch(/^uploads\./);
  expect(new URL(await urls('original', image)).host).toMatch(/^images\./);
});

test('thumbnails and previews have the URL of the CDN where there is one, with their version', async () => {
  const media = (key: string, version: string | null) => `https://cdn/${key}?v=${version}`;
  const urls = s3Urls({ client, placeOf: () => originals, derived, media });
  const made = { ...image, payload: { ...image.payload, thumbnail_etag: 't1', preview_etag: 'p1' } };
  expect(await urls('thumbnail', made)).toBe(`https://cdn/thumbnails/${ID}.webp?v=t1`);
  expect(await urls('preview', made)).toBe(`https://cdn/previews/${ID}.webp?v=p1`);
  expect(new URL(await urls('original', made)).host).toMatch(/amazonaws/);
});

test('an upload URL binds length, type and SHA-1', async () => {
  const target = await s3Uploads({ client, uploads: originals, now: at('2026-03-01T10:10:10Z') }).announce({
    id: ID,
    key: `uploads/${ID}.jpeg`,
    bytes: 1234,
    contentType: 'image/jpeg',
    sha1: '648351f7cbd472d0ca23eadccf3b9e619ec9adda',
    format: 'jpeg',
  });
  const { searchParams, pathname } = new URL(target.url);
  expect(pathname).toBe(`/photos/uploads/${ID}.jpeg`);
  expect(searchParams.get('X-Amz-SignedHeaders')?.split(';')).toEqual([
    'content-length',
    'content-type',
    'host',
    'x-amz-checksum-sha1',
  ]);
  expect(searchParams.has('x-amz-checksum-crc32')).toBe(false);
  expect(target.headers).toEqual({
    'Content-Type': 'image/jpeg',
    'Content-Length': '1234',
    'x-amz-checksum-sha1': 'ZINR98vUctDKI+rczzueYZ7Jrdo=',
  });
  expect(target.expiresAt.toISOString()).toBe('2026-03-01T11:10:10.000Z');
});

test('objects of one key in two buckets, or below two prefixes, have URLs of their own', async () => {
  const key = `thumbnails/${ID}.webp`;
  const placed = { ...image, payload: { ...image.payload, key } };
  const plain = { bucket: 'images', prefix: '' };
  for (const [place, other] of [
    [plain, derived],
    [plain, { bucket: 'images', prefix: 'derived/' }],
  ] as const) {
    const urls = s3Urls({ client, placeOf: () => place, derived: other });
    // The second is not taken from what was signed for the first.
    const original = new URL(await urls('original', placed));
    const thumbnail = new URL(await urls('thumbnail', placed));
    expect(original.host + original.pathname).toBe(`${place.bucket}.s3.eu-central-1.amazonaws.com/${key}`);
    expect(thumbnail.host + thumbnail.pathname).toBe(
      `${other.bucket}.s3.eu-central-1.amazonaws.com/${other.prefix}${key}`,
    );
  }
});

test('a URL that was signed is given again, until its half hour is over', async () => {
  let time = Date.parse('2026-03-01T10:00:00Z');
  const urls = s3Urls({ client, placeOf: () => originals, derived, now: () => time });
  const first = await urls('original', image);
  time += 1_799_999;
  expect(await urls('original', image)).toBe(first);
  time += 1;
  expect(await urls('original', image)).not.toBe(first);
});

test('the URL of an original loads whatever its name is', async () => {
  const aws = await startAws();
  try {
    const { bucketName: bucket } = aws.server.createBucket('odd-names');
    const store = openS3Store({ client: aws.s3, bucket, prefix: 'in/' });
    const urls = s3Urls({ client: aws.s3, placeOf: () => ({ bucket, prefix: 'in/' }), derived });
    const keys = [...LOOKALIKE_KEYS, ...KEYS_OF_NO_FILE, '..jpg', 'a/./(b)/../c+d e.jpg', 'b.jpg'];
    for (const key of keys) await store.put(key, Buffer.from(`in ${key}`), { contentType: 'image/jpeg' });
    for (const key of keys) {
      // `fetch` reads the URL as browsers do.
      const response = await fetch(await urls('original', { ...image, payload: { ...image.payload, key } }));
      expect(await response.text(), key).toBe(`in ${key}`);
    }
  } finally {
    await aws.close();
  }
});
