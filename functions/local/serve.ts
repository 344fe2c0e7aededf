import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse, STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import { getRequestListener } from '@hono/node-server';
import { type ErrorCode, SemblanceError } from '../../shared/errors.ts';
import { systemCode } from '../../shared/file-error.ts';
import { errorBody } from '../search/responses.ts';

/** bytes; 10,000 characters in a URL take 90,000, and are then rejected in words. */
const MAX_HEADERS = 131_072;

/** ms for a whole request; an upload of the largest image over a slow line takes minutes. */
const REQUEST_TIMEOUT = 3_600_000;

export type Server = {
  /** http://host:port that works on this machine, with the port that was really taken. */
  readonly url: string;
  /** Takes no more requests and waits for those under way; open connections are cut after `graceMs`. */
  close(graceMs: number): Promise<void>;
};

/**
 * Serves an app over HTTP. What is no request that an app could be given is rejected in the API's form too.
 * @throws port_in_use, bad_configuration where the address can't be had
 */
export function serve(
  app: { fetch: (request: Request) => Response | Promise<Response> },
  { host, port }: { readonly host: string; readonly port: number },
): Promise<Server> {
  const listener = getRequestListener(app.fetch, {
    // HTTP/1.0, as health checks speak it, may leave the Host header out
    hostname: 'localhost',
    errorHandler: cause => rejection(new SemblanceError('malformed_request', reasonOf(cause))),
  });
  const options = {
    maxHeaderSize: MAX_HEADERS,
    requestTimeout: REQUEST_TIMEOUT,
    // It is rejected below, in JSON.
    requireHostHeader: false,
  };
  const server = createServer(options, (request, response) => {
    if (request.headers.host === undefined && request.httpVersion === '1.1')
      rejectHostless(request, response);
    else void listener(request, response);
  });
  server.on('clientError', rejectUnparsed);
  return new Promise((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) => reject(nameError(cause, host, port)));
    server.listen(port, host, () => {
      const address = server.address();
      const taken = typeof address === 'object' && address ? address.port : port;
      resolve({ url: urlOf(reachable(host), taken), close });
    });
  });

  function close(graceMs: number): Promise<void> {
    return new Promise(resolve => {
      const cut = setTimeout(() => server.closeAllConnections(), graceMs);
      server.close(() => {
        clearTimeout(cut);
        resolve();
      });
      server.closeIdleConnections();
    });
  }
}

const bodyOf = (error: SemblanceError): string => JSON.stringify(errorBody(error, randomUUID()));

const rejection = (error: SemblanceError): Response =>
  new Response(bodyOf(error), {
    status: error.status,
    headers: { 'Content-Type': 'application/json' },
  });

function rejectHostless(request: IncomingMessage, response: ServerResponse): void {
  const error = new SemblanceError('malformed_request', 'An HTTP/1.1 request needs a Host header');
  const body = bodyOf(error);
  request.resume();
  response.writeHead(error.status, {
    'Content-Type': 'application/json',
    'Content-Length': Buffer.byteLength(body),
    Connection: 'close',
  });
  response.end(body);
}

/** Codes of Node's HTTP parser and what they become; any other is a malformed request. */
const PARSER_ERRORS: Partial<Record<string, { readonly code: ErrorCode; readonly message: string }>> = {
  HPE_HEADER_OVERFLOW: {
    code: 'headers_too_large',
    message: `The URL and headers have more than ${MAX_HEADERS.toLocaleString('en')} bytes`,
  },
  ERR_HTTP_REQUEST_TIMEOUT: { code: 'request_timeout', message: 'The request did not arrive in time' },
};

/** Responds where Node's parser rejected the bytes: there is no request yet, only the connection. */
export function rejectUnparsed(cause: Error, socket: Duplex): void {
  if (!socket.writable || systemCode(cause) === 'ECONNRESET') {
    socket.destroy();
    return;
  }
  const { code, message } = PARSER_ERRORS[systemCode(cause)] ?? {
    code: 'malformed_request' as const,
    message: reasonOf(cause),
  };
  const error = new SemblanceError(code, message);
  const body = bodyOf(error);
  socket.end(
    [
      `HTTP/1.1 ${error.status} ${STATUS_CODES[error.status]}`,
      'Content-Type: application/json',
      `Content-Length: ${Buffer.byteLength(body)}`,
      'Connection: close',
      '',
      body,
    ].join('\r\n'),
  );
}

const reasonOf = (cause: unknown): string =>
  `The request can't be understood: ${cause instanceof Error ? cause.message : String(cause)}`;

export const urlOf = (host: string, port: number): string =>
  `http://${host.includes(':') ? `[${host}]` : host}:${port}`;

/** Whether a server that listens on this address listens on all addresses of the machine. */
export const isWildcard = (host: string): boolean => /^(?:0\.0\.0\.0|\[?[0:]+\]?)$/.test(host);

/** A wildcard address is none that a browser can open. */
const reachable = (host: string): string =>
  isWildcard(host) ? (host.includes(':') ? '::1' : '127.0.0.1') : host;

function nameError(cause: NodeJS.ErrnoException, host: string, port: number): Error {
  if (cause.code === 'EADDRINUSE') {
    return new SemblanceError('port_in_use', `Port ${port} is taken by another program`, { cause });
  }
  if (cause.code === 'EACCES' || cause.code === 'EADDRNOTAVAIL' || cause.code === 'ENOTFOUND') {
    return new SemblanceError('bad_configuration', `${host}:${port} can't be listened on (${cause.code})`, {
      cause,
    });
  }
  return cause;
}
