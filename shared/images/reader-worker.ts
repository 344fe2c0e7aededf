/** Runs in a worker thread: one image reader with its own vision session. */
import { parentPort, workerData } from 'node:worker_threads';
import { z } from 'zod';
import { locatedModelSchema } from '../models/model-folder.ts';
import { openModel } from '../models/onnx-encoder.ts';
import { openOnce } from '../open-once.ts';
import { type ImageReaderOptions, openImageReader } from './reader.ts';
import { serveImages } from './reader-messages.ts';

const settings = z
  .object({
    model: locatedModelSchema,
    maxPixels: z.number(),
    wordsFolder: z.string().nullable(),
  })
  .parse(workerData);

if (!parentPort) throw new Error('reader-worker.ts runs in a worker thread');
await serveImages(parentPort, async () => {
  const { maxPixels, wordsFolder } = settings;
  const model = await openModel(settings.model);
  const imageEncoder = await model.openImage({ threads: 1 });
  if (wordsFolder === null) return openImageReader({ imageEncoder, maxPixels });
  return openImageReader({ imageEncoder, maxPixels, readWords: lazyWordsReader(wordsFolder) });
});

type ReadWords = NonNullable<ImageReaderOptions['readWords']>;

/** Code and models load with the first image whose words are asked for: what images show comes first. */
function lazyWordsReader(folder: string): ReadWords {
  const opened = openOnce(() => openWordsReader(folder));
  return async rgb => (await opened())(rgb);
}

async function openWordsReader(folder: string): Promise<ReadWords> {
  const [{ openOcrEngine }, { openWordsEncoder }, { wordsReader }] = await Promise.all([
    import('../ocr/ocr-engine.ts'),
    import('../ocr/words-encoder.ts'),
    import('../ocr/words-reader.ts'),
  ]);
  return wordsReader({ engine: openOcrEngine(1), encoder: await openWordsEncoder(folder, 1) });
}
