/** The thread of text-thread.ts: embeds one text at a time, with models that are loaded at the first one. */
import { parentPort, workerData } from 'node:worker_threads';
import { z } from 'zod';
import { errorData } from '../errors.ts';
import { locatedModelSchema } from '../models/model-folder.ts';
import { openModel } from '../models/onnx-encoder.ts';
import { openWordsEncoder } from '../ocr/words-encoder.ts';
import { openOnce } from '../open-once.ts';
import type { TextRequest, TextResponse } from './text-thread.ts';

const { model, wordsFolder } = z
  .object({ model: locatedModelSchema, wordsFolder: z.string() })
  .parse(workerData);

const encoders = {
  text: openOnce(async () => (await openModel(model)).openText()),
  words: openOnce(() => openWordsEncoder(wordsFolder)),
};

async function answer({ encoder, text }: TextRequest): Promise<TextResponse> {
  try {
    return { embedding: await (await encoders[encoder]()).encodeText(text) };
  } catch (error) {
    return { error: errorData(error, 'internal') };
  }
}

let last: Promise<void> = Promise.resolve();
parentPort?.on('message', (request: TextRequest) => {
  last = last.then(async () => parentPort?.postMessage(await answer(request)));
});
