import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { interceptLocalhostDns } from 'fauxqs';
import { z } from 'zod';
import { openCloud } from '../../functions/compose-cloud.ts';
import { parseConfig } from '../../shared/config.ts';
import { openReaderPool } from '../../shared/images/reader-pool.ts';
import { createKeyWork } from '../../shared/indexing/key-work.ts';
import { createReconcile } from '../../shared/indexing/reconcile.ts';
import { startWorkers } from '../../shared/indexing/workers.ts';
import type { Log } from '../../shared/log.ts';
import { ACCESS_TOKEN, ADMIN_TOKEN, startCloud } from '../lambda/cloud.ts';
import type { Server } from './server.ts';

const silent: Log = { debug() {}, info() {}, warn() {}, error: console.error };

/**
 * The Lambda handler behind a small HTTP server that turns requests into Function URL events; S3, SQS and Qdrant
 * are served on this machine, and what the embed function does runs beside it.
 */
export async function startLambdaServer(): Promise<Server & { close(): Promise<void> }> {
  // SQS names its queues by hosts below localhost
  const resetDns = interceptLocalhostDns();
  const cloud = await startCloud('demo');
  const environment = {
    ...cloud.searchEnvironment,
    SEMBLANCE_OCR: 'off',
    AWS_REGION: 'eu-central-1',
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    SEMBLANCE_LOG: 'error',
  };
  Object.assign(process.env, environment);
  const indexing = await startIndexing(environment);
  const { handler } = await import('../../functions/search/handler.ts');

  const server = createServer((request, response) => {
    eventOf(request)
      .then(event => handler(event as unknown as Parameters<typeof handler>[0]))
      .then(result => {
        const { statusCode, headers, body, isBase64Encoded } = resultSchema.parse(result);
        response.writeHead(statusCode, headers).end(body, isBase64Encoded ? 'base64' : 'utf8');
      })
      .catch((error: unknown) => response.writeHead(502).end(String(error)));
  });
  await new Promise<void>(listening => server.listen(0, '127.0.0.1', listening));
  const { port } = server.address() as AddressInfo;
  return {
    baseUrl: `http://127.0.0.1:${port}`,
    accessToken: ACCESS_TOKEN,
    adminToken: ADMIN_TOKEN,
    async close() {
      server.closeAllConnections();
      await new Promise(closed => server.close(closed));
      await indexing.stop();
      await cloud.close();
      resetDns();
    },
  };
}

const resultSchema = z.object({
  statusCode: z.number(),
  headers: z.record(z.string(), z.string()),
  body: z.string(),
  isBase64Encoded: z.boolean(),
});

/** Payload format 2.0: the path as it came, headers in lower case, the body in base64. */
async function eventOf(request: IncomingMessage) {
  const [path = '/', query = ''] = (request.url ?? '/').split(/\?(.*)/s);
  const body = await buffer(request);
  const domain = 'abc.lambda-url.eu-central-1.on.aws';
  return {
    version: '2.0',
    routeKey: '$default',
    rawPath: path,
    rawQueryString: query,
    headers: {
      ...Object.fromEntries(Object.entries(request.headers).map(([k, v]) => [k, String(v)])),
      host: domain,
    },
    requestContext: {
      accountId: 'anonymous',
      apiId: 'abc',
      domainName: domain,
      domainPrefix: 'abc',
      http: { method: request.method, path, protocol: 'HTTP/1.1', sourceIp: '192.0.2.1', userAgent: 'test' },
      requestId: randomUUID(),
      routeKey: '$default',
      stage: '$default',
      time: '02/Jan/2026:03:04:05 +0000',
      timeEpoch: 1_767_323_045_678,
    },
    ...(body.length > 0 ? { body: body.toString('base64') } : {}),
    isBase64Encoded: body.length > 0,
  };
}

/** What the embed function does, taking its messages from the queue; and the bucket's events, by looking. */
async function startIndexing(environment: Record<string, string>) {
  const config = parseConfig(environment);
  const parts = await openCloud(config, silent);
  await parts.index.bootstrap();
  const reader = openReaderPool({
    model: parts.model,
    maxPixels: config.maxPixels,
    workers: 1,
    wordsFolder: null,
  });
  const reconcile = createReconcile({ ...parts, log: silent, reader, maxBytes: config.maxBytes, ocr: false });
  const workers = startWorkers({
    ...parts,
    keyWork: createKeyWork({ ...parts, log: silent, reconcile }),
    concurrency: 2,
    log: silent,
    pollEvery: 20,
  });

  const stopping = new AbortController();
  const watching = (async () => {
    let seen = new Set<string>();
    while (!stopping.signal.aborted) {
      const listed = new Set<string>();
      const news: string[] = [];
      for await (const { key, etag, modified } of parts.originals.list('')) {
        const version = `${key} ${etag} ${modified.getTime()}`;
        listed.add(version);
        if (!seen.has(version)) news.push(key);
      }
      seen = listed;
      await parts.queue.send(news);
      await sleep(100, undefined, { signal: stopping.signal }).catch(() => {});
    }
  })();
  return {
    async stop() {
      stopping.abort();
      await watching;
      await workers.stop();
      await reader.close();
    },
  };
}
