/** The thread of text-thread.ts. */
import { workerData } from 'node:worker_threads';
import { z } from 'zod';
import { locatedModelSchema } from '../models/model-folder.ts';
import { openModel } from '../models/onnx-encoder.ts';
import { openWordsEncoder } from '../ocr/words-encoder.ts';
import { openOnce } from '../open-once.ts';
import { serveTexts } from './text-messages.ts';

const { model, wordsFolder } = z
  .object({ model: locatedModelSchema, wordsFolder: z.string() })
  .parse(workerData);

serveTexts({
  text: openOnce(async () => (await openModel(model)).openText()),
  words: openOnce(() => openWordsEncoder(wordsFolder)),
});
