import { connect } from 'node:net';
import { PassThrough } from 'node:stream';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { rejectUnparsed, type Server, serve } from '../../functions/local/serve.ts';
import { type LocalServer, startLocalServer } from '../contract-http/local-server.ts';
import { stubbedApp } from './app-stub.ts';

let server: Server;
beforeAll(async () => {
  server = await serve(stubbedApp({}), { host: '127.0.0.1', port: 0 });
});
afterAll(() => server.close(0));

/** Sends bytes as they are, and reads until the server closes the connection. */
function exchange(url: string, text: string): Promise<{ status: number; head: string; body: string }> {
  return new Promise((resolve, reject) => {
    const socket = connect(Number(new URL(url).port), '127.0.0.1', () => socket.write(text));
    let received = '';
    socket.on('data', chunk => {
      received += String(chunk);
    });
    socket.on('error', reject);
    socket.on('close', () => {
      const [head = '', body = ''] = received.split(/\r\n\r\n(.*)/s);
      resolve({ status: Number(head.split(' ')[1]), head, body });
    });
  });
}

describe('what the HTTP parser gives up on is rejected in JSON', () => {
  test.each([
    ['a line that is no request', 'HELO\r\n\r\n', 400, 'malformed_request'],
    ['a bad header', 'GET / HTTP/1.1\r\nHost: x\r\nBad Header: 1\r\n\r\n', 400, 'malformed_request'],
    ['HTTP/1.1 without Host', 'GET /healthz HTTP/1.1\r\n\r\n', 400, 'malformed_request'],
    [
      'a Host that is none',
      'GET / HTTP/1.1\r\nHost: a b\r\nConnection: close\r\n\r\n',
      400,
      'malformed_request',
    ],
    [
      'a URL that is none',
      'GET /a\\b HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n',
      400,
      'malformed_request',
    ],
    [
      'headers without end',
      `GET / HTTP/1.1\r\nHost: x\r\nX-Long: ${'x'.repeat(140_000)}\r\n\r\n`,
      431,
      'headers_too_large',
    ],
  ])('%s', async (_, text, status, code) => {
    const response = await exchange(server.url, text);
    expect(response.status).toBe(status);
    expect(response.head).toMatch(/content-type: application\/json/i);
    expect(JSON.parse(response.body)).toEqual({
      code,
      detail: expect.any(String),
      advice: expect.any(String),
      request_id: expect.any(String),
    });
  });
});

test('a request that does not arrive in time is rejected in JSON, and a connection that is gone is left alone', () => {
  const [socket, gone] = [new PassThrough(), new PassThrough()];
  const late = Object.assign(new Error('Request timeout'), { code: 'ERR_HTTP_REQUEST_TIMEOUT' });
  rejectUnparsed(late, socket);
  const [head, body] = String(socket.read()).split('\r\n\r\n');
  expect(head).toMatch(/^HTTP\/1.1 408 Request Timeout\r\n/);
  expect(JSON.parse(body ?? '')).toMatchObject({ code: 'request_timeout', detail: expect.any(String) });
  rejectUnparsed(Object.assign(new Error('reset'), { code: 'ECONNRESET' }), gone);
  expect([gone.destroyed, gone.read()]).toEqual([true, null]);
});

test('HTTP/1.0 without Host gets a response, as health checks need it', async () => {
  const { status, body } = await exchange(server.url, 'GET /healthz HTTP/1.0\r\n\r\n');
  expect(status).toBe(200);
  expect(body).toContain('"ok"');
});

test('but may not change images', async () => {
  const { status, body } = await exchange(server.url, 'GET /admin/server_info HTTP/1.0\r\n\r\n');
  expect([status, JSON.parse(body).code]).toEqual([403, 'admin_elsewhere']);
});

test.each(['/openapiXjson', '/api/openapiXjson', '/openapi.json/x'])('%s is 404', async path => {
  const response = await fetch(server.url + path);
  expect(response.status).toBe(404);
  expect(await response.json()).toMatchObject({ code: 'route_not_found' });
});

test('a path with a dot is found by its own name alone', async () => {
  expect((await fetch(`${server.url}/openapi.json`)).status).toBe(200);
  expect((await fetch(`${server.url}/openapi.json`, { method: 'POST' })).status).toBe(405);
  expect((await fetch(`${server.url}/openapiXjson`, { method: 'POST' })).status).toBe(404);
});

describe('on a server with images', () => {
  let local: LocalServer;
  beforeAll(async () => {
    local = await startLocalServer({ access: {} });
  });
  afterAll(() => local.close());

  test.each(['.', '..', '%2E%2E', '../..', './a'])('the prompt %s is a prompt', async prompt => {
    for (const base of ['', '/api']) {
      const { status, body } = await exchange(
        local.baseUrl,
        `GET ${base}/search/text/${prompt} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n`,
      );
      expect(status).toBe(200);
      expect(body).toContain('"result":[]');
    }
  });
});
