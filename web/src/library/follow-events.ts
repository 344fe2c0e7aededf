import { z } from 'zod/mini';
import { api } from '../api/api.ts';
import { parseJson } from '../state/parse-json.ts';
import { readEvents } from './event-stream.ts';

const stageSchema = z.object({ done: z.number(), total: z.number(), inWork: z.number() });

const progressSchema = z.object({
  /** Images can be searched before the words in them are read. */
  stage: z._default(z.enum(['pictures', 'words']), 'pictures'),
  done: z.number(),
  total: z.number(),
  picturesPerSecond: z.number(),
  secondsLeft: z.nullable(z.number()),
  pictures: stageSchema,
  words: stageSchema,
  /**
   * Only of the first event of a connection: ms for which the library has been as it is; null where the server can't
   * know, since other processes change it. `done` is then how many images it has.
   */
  unchangedFor: z.optional(z.nullable(z.number())),
});
/** How far indexing is; done = total, of images and of words, when there is nothing to do. */
export type Progress = z.infer<typeof progressSchema>;

const eventSchema = z.discriminatedUnion('type', [
  z.extend(progressSchema, { type: z.literal('progress') }),
  z.object({ type: z.enum(['indexed', 'updated', 'failed', 'removed', 'resumed']) }),
  z.object({ type: z.literal('paused'), code: z.string(), message: z.string(), advice: z.string() }),
]);
export type LibraryEvent = z.infer<typeof eventSchema>;

/** ms, unless the server names its own. */
const RECONNECT = 5000;
/** ms of silence after which a connection counts as broken: the server sends something every 15 s. */
const SILENCE = 45_000;

type Listener = {
  readonly onEvent: (event: LibraryEvent) => void;
  /** The connection broke; what was received last may be outdated. */
  readonly onSilence: () => void;
};

/** Listens to what happens in the library until it is aborted; asks again whenever the connection ends. */
export async function followEvents({ onEvent, onSilence }: Listener, signal: AbortSignal): Promise<void> {
  let wait = RECONNECT;
  const onRetry = (ms: number) => {
    wait = ms;
  };
  while (!signal.aborted) {
    // A machine that slept may have lost its connection without an error.
    const silence = new AbortController();
    let timer = 0;
    const onChunk = () => {
      clearTimeout(timer);
      timer = window.setTimeout(() => silence.abort(), SILENCE);
    };
    onChunk();
    try {
      const { body } = await api.events(AbortSignal.any([signal, silence.signal]));
      if (body) await listen(body, onEvent, onRetry, onChunk);
    } catch {
      // Why the server is away is shown where the page requests images.
      onSilence();
    } finally {
      clearTimeout(timer);
    }
    await pause(wait, signal);
  }
}

async function listen(
  body: ReadableStream<Uint8Array>,
  onEvent: Listener['onEvent'],
  onRetry: (ms: number) => void,
  onChunk: () => void,
): Promise<void> {
  for await (const { data } of readEvents(textOf(body, onChunk), { onRetry })) {
    const event = eventSchema.safeParse(parseJson(data));
    // A newer server may send more kinds of events than this page knows.
    if (event.success) onEvent(event.data);
  }
}

/** Iterates a stream, which not every browser can do by itself. */
async function* textOf(body: ReadableStream<Uint8Array>, onChunk: () => void): AsyncGenerator<string> {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return;
    onChunk();
    yield decoder.decode(value, { stream: true });
  }
}

const pause = (ms: number, signal: AbortSignal): Promise<void> =>
  new Promise(resolve => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener(
      'abort',
      () => {
        clearTimeout(timer);
        resolve();
      },
      { once: true },
    );
  });
