import { setImmediate } from 'node:timers/promises';
import { parentPort, workerData } from 'node:worker_threads';
import { z } from 'zod';
import { type ErrorData, errorData, SemblanceError } from '../errors.ts';
import type { TextEmbedding, TextEncoder } from '../models/encoder.ts';

/** The encoders of a thread: the model's text tower, and the encoder of words in images. */
export type EncoderName = 'text' | 'words';

/** What a thread is asked: texts, which it answers in their order, and to end. */
export type TextRequest = { readonly encoder: EncoderName; readonly text: string } | 'close';

export type TextResponse = { readonly embedding: TextEmbedding } | { readonly error: ErrorData };

/** int32s that both sides see: 1 while a text is in work, else 0; and 1 once the process ends. */
export const IN_WORK = 0;
export const PROCESS_ENDS = 1;
const sharedSchema = z.object({ shared: z.instanceof(Int32Array) });

/**
 * The thread's side of text-thread.ts: embeds one text at a time, each encoder opened at its first one. It ends itself,
 * between two texts: ended from outside within a run, ONNX Runtime aborts the whole process.
 */
export function serveTexts(
  encoders: Readonly<Record<EncoderName, () => Promise<Pick<TextEncoder, 'encodeText'>>>>,
): void {
  const { shared } = sharedSchema.parse(workerData);
  let isClosing = false;
  let last: Promise<void> = Promise.resolve();

  async function answer(encoder: EncoderName, text: string): Promise<TextResponse> {
    Atomics.store(shared, IN_WORK, 1);
    try {
      if (Atomics.load(shared, PROCESS_ENDS)) throw new SemblanceError('out_of_time', 'The process ends');
      return { embedding: await (await encoders[encoder]()).encodeText(text) };
    } catch (error) {
      return { error: errorData(error, 'internal') };
    } finally {
      Atomics.store(shared, IN_WORK, 0);
      Atomics.notify(shared, IN_WORK);
    }
  }

  parentPort?.on('message', (request: TextRequest) => {
    if (request === 'close') {
      isClosing = true;
      last = last.then(() => process.exit());
    } else
      last = last.then(async () => {
        // Between two texts the thread hears whether it is to end.
        await setImmediate();
        if (!isClosing) parentPort?.postMessage(await answer(request.encoder, request.text));
      });
  });
}
