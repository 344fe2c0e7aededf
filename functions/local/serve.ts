import { createAdaptorServer } from '@hono/node-server';
import { SemblanceError } from '../../shared/errors.ts';

/** bytes; 10,000 characters in a URL take 90,000, and are then rejected in words. */
const MAX_HEADERS = 131_072;

export type Server = {
  /** http://host:port that works on this machine, with the port that was really taken. */
  readonly url: string;
  /** Takes no more requests and waits for those under way; open connections are cut after `graceMs`. */
  close(graceMs: number): Promise<void>;
};

/**
 * Serves an app over HTTP.
 * @throws port_in_use, bad_configuration where the address can't be had
 */
export function serve(
  app: { fetch: (request: Request) => Response | Promise<Response> },
  { host, port }: { readonly host: string; readonly port: number },
): Promise<Server> {
  const server = createAdaptorServer({ fetch: app.fetch, serverOptions: { maxHeaderSize: MAX_HEADERS } });
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
      const cut = setTimeout(() => 'closeAllConnections' in server && server.closeAllConnections(), graceMs);
      server.close(() => {
        clearTimeout(cut);
        resolve();
      });
      if ('closeIdleConnections' in server) server.closeIdleConnections();
    });
  }
}

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
