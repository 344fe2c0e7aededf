import { QdrantClient } from '@qdrant/js-client-rest';
import pRetry from 'p-retry';
import { isPassing } from '../errors.ts';
import { nameQdrantError } from './qdrant-error.ts';

export type QdrantServer = {
  /** Without a port https means 443 and http Qdrant's own 6333. */
  readonly url: string;
  readonly apiKey?: string | undefined;
  /** ms that one request may take; default 10,000. */
  readonly timeout?: number;
  /** ms before the second try, doubled for each further; default 200. */
  readonly retryDelay?: number;
  /** Tries after the first; all our requests are idempotent. Default 3. */
  readonly retries?: number;
};

export type QdrantConnection = {
  readonly url: string;
  readonly client: QdrantClient;
  /** Asks with retries and jitter as long as it may heal (no response, 429, 5xx), and names what finally failed. */
  ask<T>(request: () => Promise<T>): Promise<T>;
};

/** Nothing is sent yet. Connections are kept open between requests. */
export function connectQdrant(server: QdrantServer): QdrantConnection {
  const { url, retryDelay = 200, retries = 3 } = server;
  const client = createClient(server);
  return {
    url,
    client,
    ask: request =>
      pRetry(
        () =>
          request().catch((error: unknown) => {
            throw nameQdrantError(error, url);
          }),
        {
          retries,
          minTimeout: retryDelay,
          randomize: true,
          shouldRetry: ({ error }) => isPassing(error),
        },
      ),
  };
}

/** The client drops a URL's path and takes 6333 for https too, so it is told host, port and path apart. */
function createClient({ url, apiKey, timeout = 10_000 }: QdrantServer): QdrantClient {
  const { protocol, hostname, port, pathname } = new URL(url);
  const https = protocol === 'https:';
  const prefix = pathname.replace(/\/+$/, '');
  return new QdrantClient({
    host: hostname,
    https,
    port: port ? Number(port) : https ? 443 : 6333,
    timeout,
    checkCompatibility: false,
    // A compressed response comes in pieces, of which the last waits 40 ms for a delayed ACK.
    headers: { 'accept-encoding': 'identity' },
    ...(prefix !== '' && { prefix }),
    ...(apiKey !== undefined && { apiKey }),
  });
}
