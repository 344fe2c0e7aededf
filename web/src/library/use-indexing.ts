import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { z } from 'zod/mini';
import { api } from '../api/api.ts';
import { readEvents } from './event-stream.ts';

const progressSchema = z.object({
  done: z.number(),
  total: z.number(),
  picturesPerSecond: z.number(),
  secondsLeft: z.nullable(z.number()),
});
/** How far indexing is; done = total when there is nothing to do. */
export type Progress = z.infer<typeof progressSchema>;

const eventSchema = z.discriminatedUnion('type', [
  z.extend(progressSchema, { type: z.literal('progress') }),
  z.object({ type: z.enum(['indexed', 'failed', 'removed']) }),
]);

/** ms, unless the server names its own. */
const RECONNECT = 5000;
/** ms; while thousands are indexed the grid is not asked for anew at each. */
const REFRESH = 2500;

/**
 * Follows the server's events: the progress of indexing, null while idle or unknown. What was indexed,
 * removed or failed shows up in the grid and the list of failures by itself.
 * @param allowed false while the admin token is missing
 */
export function useIndexing(allowed: boolean): Progress | null {
  const client = useQueryClient();
  const [progress, setProgress] = useState<Progress | null>(null);

  useEffect(() => {
    if (!allowed) return;
    const stop = new AbortController();
    let refresh = 0;
    const changed = () => {
      if (refresh !== 0) return;
      refresh = window.setTimeout(() => {
        refresh = 0;
        client.invalidateQueries({ queryKey: ['failures'] });
        client.invalidateQueries({ queryKey: ['info'] });
        // A full page stays as it is under somebody's eyes; only a grid that still has room is filled.
        client.invalidateQueries({ queryKey: ['search'], predicate: hasRoom });
      }, REFRESH);
    };
    let wait = RECONNECT;
    const onRetry = (ms: number) => {
      wait = ms;
    };
    const follow = async () => {
      const response = await api.events(stop.signal);
      const text = response.body?.pipeThrough(new TextDecoderStream());
      if (!text) return;
      for await (const { data } of readEvents(chunksOf(text), { onRetry })) {
        const event = eventSchema.safeParse(parseJson(data));
        if (!event.success) continue;
        if (event.data.type === 'progress') {
          const { done, total } = event.data;
          setProgress(done < total ? event.data : null);
        }
        if (event.data.type !== 'progress' || event.data.done >= event.data.total) changed();
      }
    };
    let reconnect = 0;
    const keepFollowing = () => {
      follow()
        // The connection ended, or the server is away: its absence is told elsewhere on the page.
        .catch(() => undefined)
        .finally(() => {
          setProgress(null);
          if (!stop.signal.aborted) reconnect = window.setTimeout(keepFollowing, wait);
        });
    };
    keepFollowing();
    return () => {
      stop.abort();
      clearTimeout(refresh);
      clearTimeout(reconnect);
    };
  }, [allowed, client]);

  return progress;
}

const hasRoom = (query: { state: { data: unknown } }): boolean => {
  const data = query.state.data as { pages?: { result: unknown[] }[] } | undefined;
  return (data?.pages?.length ?? 0) <= 1;
};

const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
};

/** Not every browser can iterate a stream. */
async function* chunksOf(stream: ReadableStream<string>): AsyncGenerator<string> {
  const reader = stream.getReader();
  try {
    for (;;) {
      const { value, done } = await reader.read();
      if (done) return;
      yield value;
    }
  } finally {
    reader.releaseLock();
  }
}
