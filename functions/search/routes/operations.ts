import { Hono } from 'hono';
import { streamSSE } from 'hono/streaming';
import { z } from 'zod';
import { failureSchema } from '../../../shared/catalog/record.ts';
import type { Library, LibraryEvent } from '../../../shared/indexing/library.ts';
import { counted } from '../../../shared/progress.ts';
import type { ApiEnv } from '../deps.ts';
import { imageId, integer } from '../fields.ts';
import { accept, defineRoute } from '../route.ts';
import type { RouteTools } from '../tools.ts';

const failureResponseSchema = failureSchema.omit({ etag: true, passed_over: true }).meta({ id: 'Failure' });

/** Failures in one response. */
const MOST_FAILURES = 10_000;

export const operationRoutes = {
  failures: defineRoute({
    method: 'get',
    path: '/admin/failures',
    access: 'admin',
    summary: 'Images that could not be indexed, and why',
    query: z.object({
      count: integer({ ge: 1, le: MOST_FAILURES }).prefault(1_000),
      from: imageId().optional().describe('next of the page before.'),
    }),
    response: z.object({
      message: z.string(),
      failures: z.array(failureResponseSchema),
      next: z.string().nullable().describe('Where the following page begins; null at the end.'),
    }),
    errors: [],
  }),
  retry: defineRoute({
    method: 'post',
    path: '/admin/failures/retry',
    access: 'admin',
    summary: 'Try failed images again: those of the ids, or all',
    json: z.object({ ids: z.array(imageId()).max(1_000).nullish() }),
    response: z.object({ message: z.string(), retried: z.number() }),
    errors: [],
  }),
  events: defineRoute({
    method: 'get',
    path: '/admin/events',
    access: 'admin',
    summary:
      'What happens in the library, as server-sent events: progress, indexed, updated, failed, removed, paused, resumed',
    response: 'text/event-stream',
    errors: [],
  }),
  healthz: defineRoute({
    method: 'get',
    path: '/healthz',
    access: 'open',
    summary: 'The process lives',
    response: z.object({ status: z.literal('ok') }),
    errors: [],
  }),
  readyz: defineRoute({
    method: 'get',
    path: '/readyz',
    access: 'open',
    summary: 'Whether every dependency responds',
    response: z.object({ status: z.literal('ok') }),
    errors: ['index_unavailable', 'store_unavailable'],
  }),
};

/** ms between comments that keep an idle event stream open through proxies. */
const HEARTBEAT_MS = 15_000;

/** ms after which a browser asks again where events can't be live. */
const POLL_MS = 10_000;

type ProgressEvent = Extract<LibraryEvent, { type: 'progress' }>;

/** What a client that begins to listen is sent first. */
type FirstEvent = ProgressEvent & {
  /**
   * ms for which the library has been as it is: by it a client knows whether anything changed before it listened.
   * null where other processes change it; then the number of images, which is `done`, has to do.
   */
  readonly unchangedFor: number | null;
};

async function progressNow(library: Library): Promise<ProgressEvent> {
  const { images, queued, pictures, words } = await library.counts();
  return {
    type: 'progress',
    stage: 'pictures',
    done: images,
    total: images + queued,
    picturesPerSecond: 0,
    secondsLeft: null,
    pictures: { done: images, total: images + pictures.waiting, inWork: 0, secondsLeft: null },
    words: { done: 0, total: words.waiting, inWork: 0, secondsLeft: null },
  };
}

/** Failures, events and health. */
export function operationsApp({ deps, guard }: RouteTools) {
  const { library } = deps;
  const logBroken = async (error: Error) => deps.log.warn('an event stream broke', { error: error.message });
  return new Hono<ApiEnv>()
    .get(operationRoutes.failures.path, accept(guard, operationRoutes.failures), async c => {
      const page = await library.failures(c.req.valid('query'));
      const failures = page.failures.map(({ etag: _, passed_over: _passedOver, ...failure }) => failure);
      return c.json({ message: `${counted(failures.length, 'failure')}.`, failures, next: page.next });
    })
    .post(operationRoutes.retry.path, accept(guard, operationRoutes.retry), async c => {
      const retried = await library.retry(c.req.valid('json').ids ?? undefined);
      return c.json({ message: `${retried} are tried again.`, retried });
    })
    .get(operationRoutes.events.path, accept(guard, operationRoutes.events), async c => {
      const first = await progressNow(library);
      // Proxies must pass events on at once.
      c.header('X-Accel-Buffering', 'no');
      return streamSSE(
        c,
        async stream => {
          const send = (event: LibraryEvent | FirstEvent) =>
            stream.writeSSE({ event: event.type, data: JSON.stringify(event) });
          if (!deps.liveEvents) {
            const data = JSON.stringify({ ...first, unchangedFor: null } satisfies FirstEvent);
            return stream.writeSSE({ event: first.type, data, retry: POLL_MS });
          }
          const ended = Promise.withResolvers<void>();
          const end = () => ended.resolve();
          const unsubscribe = library.subscribe(event => void send(event));
          const heartbeat = setInterval(() => void stream.write(':\n\n'), HEARTBEAT_MS);
          stream.onAbort(end);
          deps.closing?.addEventListener('abort', end);
          try {
            // Measured once it is subscribed: what changed while the images were counted is known by it.
            await send({ ...first, unchangedFor: library.unchangedFor() });
            if (!deps.closing?.aborted) await ended.promise;
          } finally {
            clearInterval(heartbeat);
            unsubscribe();
            deps.closing?.removeEventListener('abort', end);
          }
        },
        logBroken,
      );
    })
    .get(operationRoutes.healthz.path, accept(guard, operationRoutes.healthz), c =>
      c.json({ status: 'ok' as const }),
    )
    .get(operationRoutes.readyz.path, accept(guard, operationRoutes.readyz), async c => {
      await deps.ready();
      return c.json({ status: 'ok' as const });
    });
}
