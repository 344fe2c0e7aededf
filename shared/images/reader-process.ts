/** A process of the reader pool: reads one image at a time with models of its own. */
import { flushCompileCache } from 'node:module';
import { z } from 'zod';
import type { ImageEncoder } from '../models/encoder.ts';
import { locatedModelSchema } from '../models/model-folder.ts';
import { openModel } from '../models/onnx-encoder.ts';
import { openOnce, reopenable } from '../open-once.ts';
import { type ImageReaderOptions, openImageReader } from './reader.ts';
import { serveImages } from './reader-messages.ts';

const settings = z
  .object({
    model: locatedModelSchema,
    maxPixels: z.number(),
    wordsFolder: z.string().nullable(),
  })
  .parse(JSON.parse(process.argv[2] ?? ''));

serveImages(async admit => {
  const { maxPixels, wordsFolder } = settings;
  const model = await openModel(settings.model);
  const vision = reopenable(() => model.openImage({ threads: 1 }));
  const imageEncoder: ImageEncoder = {
    model: model.info,
    encodePixels: async pixels => (await vision.opened()).encodePixels(pixels),
  };
  const readWords = wordsFolder === null ? {} : { readWords: lazyWordsReader(wordsFolder) };
  return {
    ...openImageReader({ imageEncoder, maxPixels, admit, ...readWords }),
    // Reading words takes so much memory that a large vision tower, which has no part in it, makes room for it.
    async prepare({ task }) {
      if (task === 'words') await vision.release();
      if (task === 'describe' || task === 'embed') await vision.opened();
    },
  };
});

type ReadWords = NonNullable<ImageReaderOptions['readWords']>;

/** Code and models load with the first image whose words are asked for: what images show comes first. */
function lazyWordsReader(folder: string): ReadWords {
  const opened = openOnce(() => openWordsReader(folder));
  return async image => (await opened())(image);
}

async function openWordsReader(folder: string): Promise<ReadWords> {
  const [{ openOcrEngine }, { openWordsEncoder }, { wordsReader }] = await Promise.all([
    import('../ocr/ocr-engine.ts'),
    import('../ocr/words-encoder.ts'),
    import('../ocr/words-reader.ts'),
  ]);
  flushCompileCache();
  return wordsReader({ engine: openOcrEngine(1), encoder: await openWordsEncoder(folder, 1) });
}
