import { z } from 'zod';
import { SemblanceError } from '../errors.ts';

/** How the client's errors look: ApiError has status and data, its own time-out and 429 have a name only. */
const clientError = z.object({
  name: z.string(),
  message: z.string(),
  status: z.number().optional(),
  data: z.unknown().optional(),
});
const wording = z.object({ status: z.object({ error: z.string() }) });

/** HTTP status of a client's error; undefined where no response came. */
export const statusOf = (error: unknown): number | undefined => clientError.safeParse(error).data?.status;

/** Whether the server says that the collection is not there; a paused cluster's 404 has other words. */
export const isCollectionMissing = (error: unknown): boolean =>
  statusOf(error) === 404 && /collection/i.test(wordsOf(error));

/**
 * A client's error as one of ours: index_denied for a wrong key, index_unavailable for what may heal (no response
 * or half of one, time-out, 429, 5xx, a 404 that is not about the collection), index_rejected with the
 * server's words else.
 * What is no error of the client passes as it is.
 */
export function nameQdrantError(cause: unknown, url: string): unknown {
  if (cause instanceof SemblanceError || !(cause instanceof Error)) return cause;
  const named = (code: 'index_denied' | 'index_unavailable' | 'index_rejected', message: string) =>
    new SemblanceError(code, message, { cause });
  const status = statusOf(cause);
  const words = wordsOf(cause);
  if (status === undefined) {
    // This is a proxy's page, a response that was cut short, or an empty one.
    if (cause instanceof SyntaxError || cause.message === 'Result came uninitialized')
      return named('index_unavailable', `${url} gave no response of Qdrant`);
    if (cause instanceof z.ZodError)
      return named('index_rejected', `${url} responds in another form than Qdrant`);
    if (cause.name === 'QdrantClientTimeoutError')
      return named('index_unavailable', `${url} did not respond in time`);
    if (cause.name.startsWith('QdrantClient')) return named('index_unavailable', `${url}: ${cause.message}`);
    // This is the "fetch failed" of `fetch`, whose cause has the reason.
    if (cause instanceof TypeError && cause.cause instanceof Error)
      return named('index_unavailable', `${url} can't be reached: ${cause.cause.message}`);
    return cause;
  }
  if (status === 401 || status === 403)
    return named('index_denied', `${url} rejected the API key (${status} ${words})`);
  if (isCollectionMissing(cause))
    return named('index_rejected', `${words}: it was deleted meanwhile; start again, then run reconcile`);
  if (status === 404)
    return named('index_unavailable', `No Qdrant responds at ${url} (404): is the cluster paused?`);
  if (status === 408 || status === 429 || status >= 500)
    return named('index_unavailable', `${url}: ${status} ${words}`);
  return named('index_rejected', words);
}

function wordsOf(error: unknown): string {
  const { data, message } = clientError.safeParse(error).data ?? {};
  const inner = wording.safeParse(data).data?.status.error;
  return inner ?? (typeof data === 'string' && data !== '' ? data.slice(0, 200) : (message ?? ''));
}
