import { createHash } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { type ClientRequest, request } from 'node:http';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { laptopLimits } from '../../functions/search/deps.ts';
import { drawImage } from '../contract-http/drawn-images.ts';
import { type LocalServer, startLocalServer } from '../contract-http/local-server.ts';

const MAX_BYTES = 200_000;
let server: LocalServer;
beforeAll(async () => {
  const limits = { ...laptopLimits({ maxBytes: MAX_BYTES, maxPixels: 1_000_000 }), idle: 250 };
  server = await startLocalServer({ access: {}, deps: { limits } });
});
afterAll(() => server.close());

const kept = async (): Promise<string[]> => readdir(server.deps.temporaryFolder).catch(() => []);

const BOUNDARY = 'part';
const HEAD = `--${BOUNDARY}\r\nContent-Disposition: form-data; name="image_file"; filename="x.jpg"\r\nContent-Type: image/jpeg\r\n\r\n`;

/** A request whose body is written by hand, without a length. */
function open(path: string, type = `multipart/form-data; boundary=${BOUNDARY}`, method = 'POST') {
  const outgoing: ClientRequest = request(`${server.baseUrl}${path}`, {
    method,
    headers: { 'Content-Type': type },
  });
  const response = new Promise<{ status: number; body: string; connection: string | undefined }>(
    (resolve, reject) => {
      outgoing.on('error', reject);
      outgoing.on('response', response => {
        let body = '';
        response.on('data', chunk => {
          body += String(chunk);
        });
        response.on('end', () =>
          resolve({ status: response.statusCode ?? 0, body, connection: response.headers.connection }),
        );
      });
    },
  );
  return { outgoing, response };
}

test('a body that stops coming is given up, and nothing of it is kept', async () => {
  const { outgoing, response } = open('/admin/upload?local=true');
  outgoing.write(`${HEAD}\xff\xd8\xff only the beginning`);
  const { status, body, connection } = await response;
  expect(status).toBe(408);
  expect(JSON.parse(body)).toMatchObject({ code: 'request_timeout', detail: expect.any(String) });
  expect(connection).toBe('close');
  outgoing.destroy();
  expect(await kept()).toEqual([]);
});

test('a trickle that goes on is waited for', async () => {
  const bytes = await drawImage({ emoji: 'cat-face', width: 64, height: 64 });
  const { outgoing, response } = open('/search/image');
  outgoing.write(HEAD.replace('image_file', 'image'));
  for (let at = 0; at < bytes.length; at += 300) {
    outgoing.write(bytes.slice(at, at + 300));
    await new Promise(resolve => setImmediate(resolve));
  }
  outgoing.end(`\r\n--${BOUNDARY}--\r\n`);
  expect((await response).status).toBe(200);
});

test('the limit holds while reading, also without a length', async () => {
  const { outgoing, response } = open('/admin/upload?local=true');
  outgoing.on('error', () => {});
  outgoing.write(HEAD);
  const chunk = Buffer.alloc(50_000);
  for (let i = 0; i < 6; i++) outgoing.write(chunk);
  outgoing.end(`\r\n--${BOUNDARY}--\r\n`);
  const { status, body } = await response;
  expect(status).toBe(422);
  expect(JSON.parse(body)).toMatchObject({ code: 'image_too_many_bytes' });
  expect(await kept()).toEqual([]);
});

test('a body over the limit is rejected in the same words with and without a length', async () => {
  const { request: limit } = server.deps.limits;
  for (const [path, part] of [
    ['/admin/upload?local=true', 'image_file'],
    ['/search/image', 'image'],
    ['/search/query', 'file'],
  ] as const) {
    const rejections: unknown[] = [];
    const form = new FormData();
    form.append(part, new Blob([new Uint8Array(limit)]), 'x.jpg');
    const response = await fetch(`${server.baseUrl}${path}`, { method: 'POST', body: form });
    rejections.push([response.status, { ...((await response.json()) as object), request_id: '' }]);

    const chunked = open(path);
    chunked.outgoing.on('error', () => {});
    chunked.outgoing.write(HEAD.replace('image_file', part));
    const chunk = Buffer.alloc(1_000_000);
    for (let sent = 0; sent <= limit; sent += chunk.length) chunked.outgoing.write(chunk);
    const { status, body } = await chunked.response;
    rejections.push([status, { ...JSON.parse(body), request_id: '' }]);
    chunked.outgoing.destroy();
    expect(rejections[1]).toEqual(rejections[0]);
    expect(rejections[0]).toMatchObject([
      413,
      { code: 'request_too_large', parameters: { max_bytes: limit } },
    ]);
  }
  await expect.poll(kept).toEqual([]);
});

test('a length beyond the limit is rejected before a byte is read', async () => {
  for (const [path, type] of [
    ['/admin/upload?local=true', `multipart/form-data; boundary=${BOUNDARY}`],
    ['/search/advanced', 'application/json'],
  ] as const) {
    const outgoing = request(`${server.baseUrl}${path}`, {
      method: 'POST',
      headers: { 'Content-Type': type, 'Content-Length': '1000000000' },
    });
    outgoing.on('error', () => {});
    outgoing.flushHeaders();
    const status = await new Promise(resolve =>
      outgoing.on('response', response => resolve(response.statusCode)),
    );
    expect(status).toBe(413);
    outgoing.destroy();
  }
});

test('a sender that goes away leaves nothing, and the server goes on', async () => {
  const { outgoing, response } = open('/admin/upload?local=true');
  outgoing.write(`${HEAD}\xff\xd8\xff`);
  await new Promise(resolve => setImmediate(resolve));
  outgoing.destroy();
  await expect(response).rejects.toThrow();
  expect((await fetch(`${server.baseUrl}/healthz`)).status).toBe(200);
  await expect.poll(kept).toEqual([]);
  expect(server.log.filter(({ level }) => level === 'error')).toEqual([]);
});

test('an upload URL takes neither other bytes, nor other tickets, nor a body that stops', async () => {
  const bytes = await drawImage({ emoji: 'dog-face' });
  const announce = async (sha1: string) => {
    const response = await fetch(`${server.baseUrl}/uploads`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ name: 'x.jpg', bytes: bytes.length, type: 'image/jpeg', sha1, local: true }),
    });
    return ((await response.json()) as { upload: { url: string } }).upload.url;
  };
  const put = async (url: string, body: Uint8Array<ArrayBuffer>) =>
    (await fetch(server.baseUrl + url, { method: 'PUT', body })).status;
  const url = await announce(createHash('sha1').update(bytes).digest('hex'));
  const other = await announce('0'.repeat(40));
  expect(await put(url, bytes.slice(1))).toBe(403);
  expect(await put(url, new Uint8Array(bytes.length + 1))).toBe(403);
  expect(await put(other, bytes)).toBe(403);
  expect(await put(url.replace(/ticket=.{10}/, 'ticket=AAAAAAAAAA'), bytes)).toBe(403);
  expect(await put(url.replace(/uploads\/[^?]+/, `uploads/${crypto.randomUUID()}`), bytes)).toBe(403);
  const { outgoing, response } = open(url, 'image/jpeg', 'PUT');
  outgoing.write(bytes.slice(0, 10));
  expect((await response).status).toBe(408);
  outgoing.destroy();
  expect(await put(url, bytes)).toBe(200);
  await expect.poll(kept).toEqual([]);
});
