/** Runs in a worker thread: one picture reader with its own vision session. */
import { parentPort, workerData } from 'node:worker_threads';
import { z } from 'zod';
import { openModel } from '../models/onnx-encoder.ts';
import { openPictureReader } from './reader.ts';
import { servePictures } from './reader-messages.ts';

const settings = z
  .object({
    model: z.object({
      name: z.string(),
      repository: z.string(),
      revision: z.string(),
      languages: z.array(z.string()),
      demo: z.boolean(),
      folder: z.string(),
    }),
    maxPixels: z.number(),
  })
  .parse(workerData);

if (!parentPort) throw new Error('reader-worker.ts runs in a worker thread');
await servePictures(parentPort, async () => {
  const model = await openModel(settings.model);
  return openPictureReader({
    imageEncoder: await model.openImage({ threads: 1 }),
    maxPixels: settings.maxPixels,
  });
});
