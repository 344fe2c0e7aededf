/** A reading thread that does what the first byte of an image says; OK answers with the second. */
import { parentPort } from 'node:worker_threads';
import { wordsGivenUp } from '../../shared/catalog/image-description.ts';
import { SemblanceError } from '../../shared/errors.ts';
import { serveImages } from '../../shared/images/reader-messages.ts';

export const OK = 0;
export const HANG = 1;
export const EXIT = 2;
export const THROW = 3;
export const REFUSE = 4;

async function obey(bytes: Uint8Array): Promise<Float32Array> {
  const [command] = bytes;
  while (command === HANG);
  if (command === EXIT) process.exit(7);
  if (command === REFUSE) throw new SemblanceError('image_corrupt', 'as it was told to');
  if (command === THROW) {
    setImmediate(() => {
      throw new Error('a fault outside of any promise');
    });
    return new Promise(() => {});
  }
  return Float32Array.of(bytes[1] ?? 0);
}

if (parentPort) {
  await serveImages(parentPort, async () => ({
    embed: obey,
    readWords: async bytes => {
      await obey(bytes);
      return wordsGivenUp('ocr_failed');
    },
    describe: async bytes => ({
      format: 'png',
      width: 1,
      height: 1,
      bytes: bytes.length,
      sha1: '',
      takenAt: null,
      dhash: '',
      placeholder: '',
      thumbnail: bytes,
      preview: bytes,
      embedding: await obey(bytes),
      words: null,
    }),
    close: async () => {},
  }));
}
