import { setImmediate } from 'node:timers/promises';
import { parentPort } from 'node:worker_threads';
import { type ErrorData, errorData } from '../errors.ts';
import type { TextEmbedding, TextEncoder } from '../models/encoder.ts';

/** The encoders of a thread: the model's text tower, and the encoder of words in images. */
export type EncoderName = 'text' | 'words';

/** What a thread is asked: texts, which it answers in their order, and to end. */
export type TextRequest = { readonly encoder: EncoderName; readonly text: string } | 'close';

export type TextResponse = { readonly embedding: TextEmbedding } | { readonly error: ErrorData };

/**
 * The thread's side of text-thread.ts: embeds one text at a time, each encoder opened at its first one. It ends itself,
 * between two texts: ended from outside within a run, ONNX Runtime aborts the whole process.
 */
export function serveTexts(
  encoders: Readonly<Record<EncoderName, () => Promise<Pick<TextEncoder, 'encodeText'>>>>,
): void {
  let isClosing = false;
  let last: Promise<void> = Promise.resolve();

  async function answer(encoder: EncoderName, text: string): Promise<TextResponse> {
    try {
      return { embedding: await (await encoders[encoder]()).encodeText(text) };
    } catch (error) {
      return { error: errorData(error, 'internal') };
    }
  }

  parentPort?.on('message', (request: TextRequest) => {
    if (request === 'close') {
      isClosing = true;
      last = last.then(() => process.exit());
    } else
      last = last.then(async () => {
        // so that it is heard between two texts when the thread is to end
        await setImmediate();
        if (!isClosing) parentPort?.postMessage(await answer(request.encoder, request.text));
      });
  });
}
