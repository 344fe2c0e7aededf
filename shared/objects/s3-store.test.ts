import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { startFauxqs } from 'fauxqs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { describeObjectStore } from '../../tests/contracts/object-store.ts';
import { SemblanceError } from '../errors.ts';
import type { ObjectInfo } from './object-store.ts';
import { openS3Store } from './s3-store.ts';

const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
const clientOf = (endpoint: string) =>
  new S3Client({
    endpoint,
    region: 'us-east-1',
    credentials,
    forcePathStyle: true,
    maxAttempts: 2,
    retryMode: 'standard',
  });
const text = { contentType: 'text/plain' };
async function all(objects: AsyncIterable<ObjectInfo>): Promise<ObjectInfo[]> {
  const found: ObjectInfo[] = [];
  for await (const object of objects) found.push(object);
  return found;
}
const bytes = (content: string) => new TextEncoder().encode(content);
const errorOf = (work: Promise<unknown>): Promise<SemblanceError> =>
  work.then(
    () => expect.fail('it should have thrown'),
    error => (error instanceof SemblanceError ? error : expect.fail(String(error))),
  );

let fauxqs: Awaited<ReturnType<typeof startFauxqs>>;
let client: S3Client;
let buckets = 0;
const newBucket = () => fauxqs.createBucket(`bucket-${buckets++}`).bucketName;

beforeAll(async () => {
  fauxqs = await startFauxqs({ port: 0, logger: false });
  client = clientOf(fauxqs.address);
});
afterAll(async () => {
  client.destroy();
  await fauxqs.stop();
});

// The test server, fauxqs, ignores conditions on writing (what is sent is tested below), and lists in the order of its
// locale.
describeObjectStore('S3', async () => openS3Store({ client, bucket: newBucket() }), {
  conditions: false,
  byteOrder: false,
  anyKey: true,
});
describeObjectStore(
  'S3 under a prefix',
  async () => openS3Store({ client, bucket: newBucket(), prefix: 'my photos/新/' }),
  { conditions: false, byteOrder: false, anyKey: true },
);

describe('the S3 store', () => {
  it('shows nothing outside its prefix', async () => {
    const bucket = newBucket();
    const whole = openS3Store({ client, bucket });
    const part = openS3Store({ client, bucket, prefix: 'in/' });
    await whole.put('out/a.jpg', bytes('a'), text);
    await part.put('b.jpg', bytes('b'), text);
    expect((await all(whole.list(''))).map(object => object.key)).toEqual(['in/b.jpg', 'out/a.jpg']);
    expect((await all(part.list(''))).map(object => object.key)).toEqual(['b.jpg']);
  });

  it('lists more than a page, without the folders that consoles make', async () => {
    const bucket = newBucket();
    const store = openS3Store({ client, bucket });
    await client.send(new PutObjectCommand({ Bucket: bucket, Key: 'folder/', Body: new Uint8Array() }));
    const keys = Array.from({ length: 1050 }, (_, i) => `folder/${String(i).padStart(4, '0')}.jpg`);
    for (let i = 0; i < keys.length; i += 50)
      await Promise.all(keys.slice(i, i + 50).map(key => store.put(key, bytes('x'), text)));
    expect((await all(store.list('folder/'))).map(object => object.key)).toEqual(keys);
  });

  it('takes over a finished file', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'semblance-s3-'));
    const file = join(folder, 'finished.tmp');
    writeFileSync(file, 'from a file');
    const store = openS3Store({ client, bucket: newBucket() });
    expect(await store.put('uploads/a.jpg', { file }, text)).toMatchObject({ bytes: 11 });
    expect((await store.get('uploads/a.jpg', 100))?.bytes).toHaveLength(11);
    rmSync(folder, { recursive: true });
  });
});

/** A store whose S3 is this listener; it counts the requests. */
async function against(listener: RequestListener) {
  const requests: { method: string; url: string; headers: NodeJS.Dict<string | string[]> }[] = [];
  const server = createServer((request, response) => {
    requests.push({ method: request.method ?? '', url: request.url ?? '', headers: request.headers });
    request.resume();
    listener(request, response);
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const s3 = clientOf(`http://127.0.0.1:${port}`);
  return {
    requests,
    store: openS3Store({ client: s3, bucket: 'photos' }),
    async [Symbol.asyncDispose]() {
      s3.destroy();
      server.closeAllConnections();
      await new Promise(resolve => server.close(resolve));
    },
  };
}

const xml = (code: string) =>
  `<?xml version="1.0"?><Error><Code>${code}</Code><Message>denied</Message></Error>`;
const respondingWith =
  (status: number, code: string): RequestListener =>
  (request, response) => {
    response.writeHead(status, { 'content-type': 'application/xml' });
    response.end(request.method === 'HEAD' ? undefined : xml(code));
  };

describe('what S3 rejects or breaks', () => {
  it.each([
    [403, 'AccessDenied', 'store_denied', 1],
    [403, 'InvalidObjectState', 'image_archived', 1],
    [404, 'NoSuchBucket', 'store_denied', 1],
    [400, 'InvalidArgument', 'store_denied', 1],
    [400, 'ExpiredToken', 'store_unavailable', 1],
    [503, 'SlowDown', 'store_unavailable', 2],
    [500, 'InternalError', 'store_unavailable', 2],
  ])('%i %s is %s', async (status, name, code, requests) => {
    await using s3 = await against(respondingWith(status, name));
    const error = await errorOf(s3.store.get('a.jpg', 10));
    expect(error.code).toBe(code);
    expect(error.message).toContain('s3://photos/a.jpg');
    expect(s3.requests).toHaveLength(requests);
  });

  it('does not take a look that is forbidden for "gone", nor a list', async () => {
    await using s3 = await against(respondingWith(403, 'AccessDenied'));
    expect((await errorOf(s3.store.head('a.jpg'))).code).toBe('store_denied');
    expect((await errorOf(all(s3.store.list('')))).code).toBe('store_denied');
  });

  it('tries again what S3 throttles', async () => {
    let asked = 0;
    await using s3 = await against((request, response) => {
      if (asked++ === 0) respondingWith(503, 'SlowDown')(request, response);
      else
        response
          .writeHead(200, { etag: '"1"', 'content-length': 3, 'last-modified': new Date().toUTCString() })
          .end('abc');
    });
    expect((await s3.store.get('a.jpg', 10))?.bytes).toHaveLength(3);
  });

  it('reads a body again that broke off, and gives up on one that always does', async () => {
    let asked = 0;
    await using s3 = await against((_request, response) => {
      response.writeHead(200, {
        etag: '"1"',
        'content-length': 6,
        'last-modified': new Date().toUTCString(),
      });
      if (++asked === 2) response.end('abcdef');
      else response.write('abc', () => response.destroy());
    });
    expect((await s3.store.get('a.jpg', 10))?.bytes).toHaveLength(6);
    expect((await errorOf(s3.store.get('a.jpg', 10))).code).toBe('store_unavailable');
  });

  it('lists names that XML alone can not represent', async () => {
    await using s3 = await against((_request, response) => {
      const entry = `<Contents><Key>line%0D%0Abreak+a%2Bb/%E7%8C%AB%01.jpg</Key><ETag>"1"</ETag><Size>1</Size><LastModified>2026-01-01T00:00:00.000Z</LastModified></Contents>`;
      response
        .writeHead(200, { 'content-type': 'application/xml' })
        .end(
          `<?xml version="1.0"?><ListBucketResult><EncodingType>url</EncodingType>${entry}</ListBucketResult>`,
        );
    });
    expect((await all(s3.store.list(''))).map(({ key }) => key)).toEqual(['line\r\nbreak a+b/猫\u0001.jpg']);
    expect(s3.requests[0]?.url).toContain('encoding-type=url');
  });

  it('calls a server that is not there unavailable', async () => {
    const nowhere = clientOf('http://127.0.0.1:9');
    const store = openS3Store({ client: nowhere, bucket: 'photos' });
    expect((await errorOf(store.head('a.jpg'))).code).toBe('store_unavailable');
    nowhere.destroy();
  });

  it('sends the conditions of a write, and reads what became of them', async () => {
    for (const [status, name] of [
      [412, 'PreconditionFailed'],
      [409, 'ConditionalRequestConflict'],
      [404, 'NoSuchKey'],
    ] as const) {
      await using s3 = await against(respondingWith(status, name));
      const create = errorOf(s3.store.put('r.json', bytes('{}'), { ...text, ifMatch: null }));
      expect((await create).code).toBe('precondition_failed');
      const change = errorOf(s3.store.put('r.json', bytes('{}'), { ...text, ifMatch: '"abc"' }));
      expect((await change).code).toBe('precondition_failed');
      expect(s3.requests.map(({ headers }) => [headers['if-none-match'], headers['if-match']])).toEqual(
        expect.arrayContaining([
          ['*', undefined],
          [undefined, '"abc"'],
        ]),
      );
    }
    await using s3 = await against((_request, response) => response.writeHead(200, { etag: '"new"' }).end());
    expect(await s3.store.put('r.json', bytes('{}'), text)).toMatchObject({ etag: '"new"', bytes: 2 });
    expect(s3.requests[0]?.headers).not.toHaveProperty('if-match');
    expect(s3.requests[0]?.headers).not.toHaveProperty('if-none-match');
  });
});
