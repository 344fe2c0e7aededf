import type { MessagePort } from 'node:worker_threads';
import { type ErrorCode, SemblanceError } from '../errors.ts';
import type {
  DescribeOptions,
  PictureDescription,
  PictureReader,
  WordsInPicture,
} from '../indexing/picture.ts';

/** What the pool asks of a worker: pictures, one at a time, and at last to leave. */
export type ReaderRequest = PictureRequest | { readonly task: 'leave' };

export type PictureRequest =
  | ({ readonly task: 'describe'; readonly bytes: Uint8Array } & DescribeOptions)
  | { readonly task: 'words'; readonly bytes: Uint8Array }
  | { readonly task: 'embed'; readonly bytes: Uint8Array };

/** What a worker says: once that it is ready or can't be, then an answer to each request. */
export type ReaderMessage =
  | { readonly type: 'ready' }
  | { readonly type: 'described'; readonly description: PictureDescription }
  | { readonly type: 'read'; readonly words: WordsInPicture }
  | { readonly type: 'embedded'; readonly embedding: Float32Array }
  | { readonly type: 'failed'; readonly code: ErrorCode; readonly message: string };

/** Answers the pool's requests with a reader; the worker's side of reader-pool.ts. */
export async function servePictures(port: MessagePort, openReader: () => Promise<PictureReader>) {
  const say = (message: ReaderMessage) => port.postMessage(message);
  const answer = async (reader: PictureReader, request: PictureRequest): Promise<ReaderMessage> => {
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
      else working = answer(reader, request).catch(failure).then(say);
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
