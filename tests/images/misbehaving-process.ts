/** A reading process that does what the first byte of an image says; OK responds with the second. */
import { argv } from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { wordsGivenUp } from '../../shared/catalog/image-description.ts';
import { SemblanceError } from '../../shared/errors.ts';
import { serveImages } from '../../shared/images/reader-messages.ts';

export const OK = 0;
export const HANG = 1;
export const EXIT = 2;
export const THROW = 3;
export const REFUSE = 4;
/** Waits without using the CPU. */
export const WAIT = 5;
export const KILLED = 6;
export const FAULT = 7;
/** Weighs 100 bytes a unit of the second byte; with a third byte it then waits as WAIT does. */
export const LARGE = 8;
/** Responds with the process's id, after ten times so many ms as the second byte says. */
export const PROCESS = 9;

if (argv[1] === fileURLToPath(import.meta.url)) {
  serveImages(async admit => {
    async function obey(bytes: Uint8Array): Promise<Float32Array> {
      const [command, value = 0] = bytes;
      while (command === HANG);
      if (command === EXIT) process.exit(7);
      if (command === WAIT) return new Promise(() => {});
      if (command === KILLED) process.kill(process.pid, 'SIGKILL');
      if (command === FAULT) throw new TypeError('x is not a function');
      if (command === REFUSE) throw new SemblanceError('image_corrupt', 'as the test wants');
      if (command === THROW) {
        setImmediate(() => {
          throw new Error('a fault outside of any promise');
        });
        return new Promise(() => {});
      }
      if (command === PROCESS) await sleep(10 * value);
      if (command === PROCESS) return Float32Array.of(process.pid);
      if (command === LARGE) await admit(100 * value);
      if (command === LARGE && bytes.length > 2) return new Promise(() => {});
      return Float32Array.of(value);
    }
    return {
      embed: obey,
      render: async bytes => bytes,
      async readWords(bytes) {
        await obey(bytes);
        return wordsGivenUp('ocr_failed');
      },
      async describe(bytes) {
        return {
          format: 'png',
          width: 1,
          height: 1,
          damaged: false,
          bytes: bytes.length,
          sha1: '',
          taken: null,
          exif: null,
          dhash: '',
          placeholder: '',
          thumbnail: bytes,
          preview: bytes,
          embedding: await obey(bytes),
          words: null,
        };
      },
      async check(bytes) {
        await obey(bytes);
        return { format: 'png', width: 1, height: 1, damaged: false };
      },
      async close() {},
    };
  });
}
