import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { TextEncoder } from '../../shared/models/encoder.ts';
import { openS3Store } from '../../shared/objects/s3-store.ts';
import { openSqsQueue } from '../../shared/queue/sqs-queue.ts';
import { openCalibrations } from '../../shared/search/calibration.ts';
import { listImages } from '../../shared/search/images.ts';
import { duplicateGroups } from '../../shared/search/near-duplicates.ts';
import type { Ranking } from '../../shared/search/rankings.ts';
import { type SearchRequest, search, searchRandom } from '../../shared/search/search.ts';
import { openQdrantIndex } from '../../shared/vectors/qdrant-index.ts';
import { bytesOf, openDomain, schema, unitVector, uploadOfText } from '../indexing/domain.ts';
import { type QdrantServer, startQdrantServer } from '../qdrant-server/server.ts';
import { type Aws, startAws } from './function.ts';

/** Requests to Qdrant, to S3 and to SQS that one call makes; the table of docs/benchmarks.md. */
type Asked = { readonly qdrant: number; readonly s3: number; readonly sqs: number };

let aws: Aws;
let qdrant: QdrantServer;
let d: ReturnType<typeof openDomain>;
const asked = { s3: 0, sqs: 0 };

beforeAll(async () => {
  aws = await startAws();
  qdrant = await startQdrantServer();
  aws.s3.middlewareStack.add(
    next => args => {
      asked.s3++;
      return next(args);
    },
    { step: 'initialize' },
  );
  aws.sqs.middlewareStack.add(
    next => args => {
      asked.sqs++;
      return next(args);
    },
    { step: 'initialize' },
  );
  const bucket = (name: string) =>
    openS3Store({ client: aws.s3, bucket: aws.server.createBucket(name).bucketName });
  const index = openQdrantIndex({ url: qdrant.url, owner: { namespace: randomUUID(), model: 'm' }, schema });
  await index.bootstrap();
  const { queueUrl } = aws.server.createQueue('requests');
  const queue = openSqsQueue({ client: aws.sqs, queueUrl });
  d = openDomain({ originals: bucket('requests'), derived: bucket('requests-derived'), index, queue });
  for (let i = 0; i < 64; i++) await indexed(`${i}.png`, `words:sale ${i}`);
});
afterAll(async () => {
  await qdrant.close();
  await aws.close();
});

async function indexed(key: string, text: string): Promise<void> {
  await d.originals.put(key, bytesOf(text), { contentType: 'image/png' });
  await d.reconcile(key);
}

async function countOf(work: () => Promise<unknown>): Promise<Asked> {
  const before = { qdrant: qdrant.requests.length, ...asked };
  await work();
  return {
    qdrant: qdrant.requests.length - before.qdrant,
    s3: asked.s3 - before.s3,
    sqs: asked.sqs - before.sqs,
  };
}

const encoder: TextEncoder = {
  model: { name: 'fake', fingerprint: 'f', dimension: 8, languages: ['*'] },
  encodeText: async text => ({ vector: unitVector(text), parts: 1 }),
};
const ports = () => ({
  index: d.index,
  calibrations: openCalibrations(d.index, { warn() {} }),
  text: encoder,
  ocrText: encoder,
  images: d.reader,
  models: [],
});
const idOf = async (n: number) => (await d.index.scroll({ limit: n + 1 })).points[n]?.id ?? '';
const request = (rankings: Ranking[], more: Partial<SearchRequest> = {}): SearchRequest => ({
  fusion: 'ranks',
  rankings,
  filters: {},
  count: 15,
  skip: 0,
  ...more,
});
const looking = (text: string): Ranking => ({ basis: 'vision', mode: 'average', criteria: [{ text }] });

it('a search, a page, an image and a sweep make as many requests as docs/benchmarks.md says', async () => {
  const warm = ports();
  const find = (rankings: Ranking[], more?: Partial<SearchRequest>) => () =>
    search(warm, request(rankings, more));
  await search(warm, request([looking('first')]));
  const like: Ranking = { basis: 'vision', mode: 'average', criteria: [{ id: await idOf(3) }] };
  const worded: Ranking = { ...looking('sale'), basis: 'ocr', words: { text: 'sale', certain: false } };
  const facets = { facets: ['categories', 'formats', 'starred'] as const };
  const first = await listImages(d.index, { filters: {}, count: 15 });
  const star = await idOf(5);
  const upload = uploadOfText('an upload');

  const table: Record<string, Asked> = {
    'search by text': await countOf(find([looking('a cat')])),
    'its second page': await countOf(find([looking('a cat')], { skip: 15 })),
    'search by likeness': await countOf(find([like])),
    'search by text and words, three facets': await countOf(find([looking('sale'), worded], facets)),
    'a random page': await countOf(() => searchRandom(d.index, { count: 15, skip: 0, filters: {} })),
    'a list': await countOf(() => listImages(d.index, { filters: {}, count: 15 })),
    'its next page': await countOf(() =>
      listImages(d.index, { filters: {}, count: 15, offset: first.next ?? undefined }),
    ),
    'duplicates among 64': await countOf(() => duplicateGroups(d.index, { count: 100 })),
    'a star': await countOf(() => d.library.update(star, { starred: true })),
    'an upload': await countOf(() => d.library.upload(upload)),
    'an image of the bucket': await countOf(() => indexed('new.png', 'new')),
    'the same, nothing to do': await countOf(() => d.reconcile('new.png')),
  };
  for (let i = 0; i < 935; i++)
    await d.originals.put(`many/${i}.png`, bytesOf(`${i}`), { contentType: 'image/png' });
  const fill = { 'a sweep of 1,000, of which 935 are new': await countOf(() => d.sweep()) };
  console.table({ ...table, ...fill });
  expect({ ...table, ...fill }).toMatchInlineSnapshot(`
    {
      "a list": {
        "qdrant": 1,
        "s3": 0,
        "sqs": 0,
      },
      "a random page": {
        "qdrant": 1,
        "s3": 0,
        "sqs": 0,
      },
      "a star": {
        "qdrant": 2,
        "s3": 3,
        "sqs": 0,
      },
      "a sweep of 1,000, of which 935 are new": {
        "qdrant": 2,
        "s3": 9,
        "sqs": 94,
      },
      "an image of the bucket": {
        "qdrant": 4,
        "s3": 15,
        "sqs": 0,
      },
      "an upload": {
        "qdrant": 1,
        "s3": 4,
        "sqs": 1,
      },
      "duplicates among 64": {
        "qdrant": 2,
        "s3": 0,
        "sqs": 0,
      },
      "its next page": {
        "qdrant": 1,
        "s3": 0,
        "sqs": 0,
      },
      "its second page": {
        "qdrant": 1,
        "s3": 0,
        "sqs": 0,
      },
      "search by likeness": {
        "qdrant": 2,
        "s3": 0,
        "sqs": 0,
      },
      "search by text": {
        "qdrant": 1,
        "s3": 0,
        "sqs": 0,
      },
      "search by text and words, three facets": {
        "qdrant": 6,
        "s3": 0,
        "sqs": 0,
      },
      "the same, nothing to do": {
        "qdrant": 1,
        "s3": 5,
        "sqs": 0,
      },
    }
  `);
});
