import type { MessagePort } from 'node:worker_threads';
import type {
  DescribeOptions,
  ImageDescription,
  ImageReader,
  WordsInImage,
} from '../catalog/image-description.ts';
import { type ErrorCode, SemblanceError } from '../errors.ts';

/** What the pool asks of a worker: images, one at a time, and at last to leave. */
export type ReaderRequest = ImageRequest | { readonly task: 'leave' };

export type ImageRequest =
  | ({ readonly task: 'describe'; readonly bytes: Uint8Array } & DescribeOptions)
  | { readonly task: 'words'; readonly bytes: Uint8Array }
  | { readonly task: 'embed'; readonly bytes: Uint8Array };

/** What a worker says: once that it is ready or can't be, then a response to each request. */
export type ReaderMessage =
  | { readonly type: 'ready' }
  | { readonly type: 'described'; readonly description: ImageDescription }
  | { readonly type: 'read'; readonly words: WordsInImage }
  | { readonly type: 'embedded'; readonly embedding: Float32Array }
  | { readonly type: 'failed'; readonly code: ErrorCode; readonly message: string };

/** Responses the pool's requests with a reader; the worker's side of reader-pool.ts. */
export async function serveImages(port: MessagePort, openReader: () => Promise<ImageReader>) {
  const say = (message: ReaderMessage) => port.postMessage(message);
  const response = async (reader: ImageReader, request: ImageRequest): Promise<ReaderMessage> => {
    const { bytes } = request;
    switch (request.task) {
      case 'describe':
        return { type: 'described', description: await reader.describe(bytes, request) };
      case 'words':
        return { type: 'read', words: await reader.readWords(bytes) };
      case 'embed':
        return { type: 'embedded', embedding: await reader.embed(bytes) };
    }
  };
  try {
    const reader = await openReader();
    let working: Promise<void> = Promise.resolve();
    port.on('message', (request: ReaderRequest) => {
      if (request.task === 'leave') working.then(() => reader.close()).finally(() => port.close());
      else working = response(reader, request).catch(failure).then(say);
    });
    say({ type: 'ready' });
  } catch (error) {
    say(failure(error));
    port.close();
  }
}

const failure = (error: unknown): ReaderMessage => ({
  type: 'failed',
  code: error instanceof SemblanceError ? error.code : 'internal',
  message: error instanceof Error ? error.message : String(error),
});
