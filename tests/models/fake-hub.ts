import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';

/** What the hub does with one request instead of a good response. */
export type Mishap = (request: IncomingMessage, response: ServerResponse, body: Buffer) => void;

/**
 * A model hub on this machine: serves files with ETag and ranges, and once for each queued mishap misbehaves.
 */
export async function startFakeHub(files: Record<string, Buffer>) {
  const mishaps: (Mishap | undefined)[] = [];
  const requests: { method: string; path: string; range: string | undefined; ifRange: string | undefined }[] =
    [];
  const server = createServer((request, response) => {
    const path = (request.url ?? '').slice(1);
    requests.push({
      method: request.method ?? '',
      path,
      range: request.headers.range,
      ifRange: request.headers['if-range'] as string | undefined,
    });
    const mishap = mishaps.shift();
    const body = files[path];
    if (mishap) mishap(request, response, body ?? Buffer.alloc(0));
    else if (body) respondWell(request, response, body);
    else response.writeHead(404).end();
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return {
    baseUrl: `http://127.0.0.1:${address.port}`,
    files,
    /** Every request so far, in order. */
    requests,
    /** The next requests meet these, in order; undefined: a good response. */
    meet(...next: (Mishap | undefined)[]) {
      mishaps.push(...next);
    },
    breakConnections: () => server.closeAllConnections(),
    close: () =>
      new Promise<void>(resolve => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
export type FakeHub = Awaited<ReturnType<typeof startFakeHub>>;

const etagOf = (body: Buffer): string => `"${body.length}-${body.readUInt8(0)}"`;

const respondWell: Mishap = (request, response, body) => {
  const start = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0);
  const ifRange = request.headers['if-range'];
  if (start >= body.length) {
    response.writeHead(416).end();
  } else if (start > 0 && (ifRange === undefined || ifRange === etagOf(body))) {
    response.writeHead(206, {
      'content-range': `bytes ${start}-${body.length - 1}/${body.length}`,
      'content-length': body.length - start,
    });
    response.end(request.method === 'HEAD' ? undefined : body.subarray(start));
  } else {
    response.writeHead(200, { etag: etagOf(body), 'content-length': body.length });
    response.end(request.method === 'HEAD' ? undefined : body);
  }
};

const startOf = (request: IncomingMessage): number =>
  Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0);

/** Sends so many bytes of what it promised, then nothing more. */
export const stalls =
  (bytes: number): Mishap =>
  (request, response, body) => {
    const start = startOf(request);
    response.writeHead(start > 0 ? 206 : 200, {
      etag: etagOf(body),
      'content-length': body.length - start,
      ...(start > 0 ? { 'content-range': `bytes ${start}-${body.length - 1}/${body.length}` } : {}),
    });
    response.write(body.subarray(start, start + bytes));
  };

export const responses =
  (status: number, headers: Record<string, string> = {}): Mishap =>
  (_request, response) => {
    response.writeHead(status, headers).end();
  };
export const ignoresRange: Mishap = (_request, response, body) => {
  response.writeHead(200, { 'content-length': body.length }).end(body);
};
export const serves =
  (other: Buffer): Mishap =>
  (_request, response) => {
    response.writeHead(200, { 'content-length': other.length }).end(other);
  };
export const neverResponses: Mishap = () => {};
