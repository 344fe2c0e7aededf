import { flushCompileCache } from 'node:module';
import { getPriority, setPriority } from 'node:os';
import type {
  DescribeOptions,
  ImageDescription,
  ImageFacts,
  ImageReader,
  Region,
  WordsInImage,
} from '../catalog/image-description.ts';
import { type ErrorData, errorData } from '../errors.ts';
import { openOnce } from '../open-once.ts';
import { startCpuWatch } from './cpu-watch.ts';
import type { Admit } from './decode-limits.ts';
import { openImagePipe } from './image-pipe.ts';

/**
 * What the pool asks of a reading process: images, one at a time, whose bytes come through image-pipe.ts; and that it
 * may decode the one it holds.
 */
export type ReaderRequest = (ImageTask & { readonly length: number }) | { readonly task: 'go' };

export type ImageTask = {
  /** ms of CPU time after which the process ends itself. */
  readonly cpuLimit: number;
} & (
  | ({ readonly task: 'describe' } & DescribeOptions)
  | { readonly task: 'words' }
  | { readonly task: 'check' }
  | { readonly task: 'embed'; readonly region?: Region | undefined }
  | { readonly task: 'render' }
);

/**
 * What a reading process says: once that it is ready; of a large image what decoding it will take, and then it
 * waits for `go`; at last a response to each request, or that it can't go on.
 */
export type ReaderMessage =
  | { readonly type: 'ready' }
  | { readonly type: 'weighs'; readonly bytes: number }
  | { readonly type: 'broken'; readonly message: string }
  | ReaderResponse;

export type ReaderResponse =
  | { readonly type: 'described'; readonly description: ImageDescription }
  | { readonly type: 'read'; readonly words: WordsInImage }
  | { readonly type: 'checked'; readonly facts: ImageFacts }
  | { readonly type: 'embedded'; readonly embedding: Float32Array }
  | { readonly type: 'rendered'; readonly image: Uint8Array }
  | { readonly type: 'failed'; readonly error: ErrorData };

/**
 * Niceness: searches, which the process that started this one answers, come before indexing. A third of the usual share
 * of a core is left to it where others want all of it.
 */
export const PRIORITY = 5;

/** A reader, and what it does before a request. */
export type PreparedReader = ImageReader & {
  /** Opens what the request needs, and gives memory back that others needed. */
  prepare?(request: ImageTask): Promise<void>;
};

/**
 * The process's side of reader-pool.ts: answers its requests with a reader. It is opened with the first of them, and
 * again with the next where that failed; what that and preparing it take counts for no image.
 */
export function serveImages(openReader: (admit: Admit) => Promise<PreparedReader>): void {
  // It is never a higher one than what the process was started with, which the system would reject.
  setPriority(Math.max(getPriority(), PRIORITY));
  const say = (message: ReaderMessage) => process.send?.(message);
  const watch = startCpuWatch();
  let go = () => {};
  const admit: Admit = bytes =>
    new Promise(resolve => {
      go = resolve;
      say({ type: 'weighs', bytes });
    });

  const opened = openOnce(() => openReader(admit));
  const receive = openImagePipe();

  async function response(request: ImageTask, bytes: Uint8Array): Promise<ReaderResponse> {
    let reader: PreparedReader;
    try {
      reader = await opened();
      await reader.prepare?.(request);
    } catch (error) {
      return { type: 'failed', error: errorData(error, 'internal') };
    }
    watch.begin(request.cpuLimit);
    try {
      return await answer(reader, request, bytes);
    } catch (error) {
      return { type: 'failed', error: errorData(error, 'image_unreadable') };
    } finally {
      watch.end();
    }
  }

  process.on('message', (request: ReaderRequest) => {
    if (request.task === 'go') go();
    else void response(request, receive(request.length)).then(say);
  });
  // A fault of a decoder outside of any promise: the image it decodes is reported; no other was in work.
  process.on('uncaughtException', error => {
    const message: ReaderMessage = { type: 'broken', message: error.message };
    process.send?.(message, () => process.exit(1));
  });
  // Ctrl-C reaches the whole group; what is in work is the pool's to decide.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => {});
  process.on('disconnect', () => process.exit());
  say({ type: 'ready' });
  // The pool ends its processes by a signal, after which nothing more can be written.
  flushCompileCache();
}

async function answer(reader: ImageReader, request: ImageTask, bytes: Uint8Array): Promise<ReaderResponse> {
  switch (request.task) {
    case 'describe':
      return { type: 'described', description: await reader.describe(bytes, request) };
    case 'words':
      return { type: 'read', words: await reader.readWords(bytes) };
    case 'check':
      return { type: 'checked', facts: await reader.check(bytes) };
    case 'embed':
      return { type: 'embedded', embedding: await reader.embed(bytes, request.region) };
    case 'render':
      return { type: 'rendered', image: await reader.render(bytes) };
  }
}
