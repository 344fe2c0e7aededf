import type { ImageReader } from '../catalog/image-description.ts';
import { SemblanceError } from '../errors.ts';
import type { ImageTask, ReaderResponse } from './reader-messages.ts';

type Without<T, Key extends string> = T extends unknown ? Omit<T, Key> : never;
/** A task whose limit of CPU time is the pool's to set. */
export type Question = Without<ImageTask, 'cpuLimit'>;

/** What an ImageReader reads, asked as tasks of a reading process (reader-messages.ts has the other side). */
export function askingReader(
  ask: (bytes: Uint8Array, question: Question) => Promise<ReaderResponse>,
  readsWords: boolean,
): Omit<ImageReader, 'close'> {
  return {
    async describe(bytes, { ocr, embedding }) {
      const response = await ask(bytes, { task: 'describe', ocr: ocr && readsWords, embedding });
      if (response.type === 'described') return response.description;
      throw unexpected(response);
    },
    async readWords(bytes) {
      if (!readsWords) throw new SemblanceError('basis_unavailable', 'No words are read here.');
      const response = await ask(bytes, { task: 'words' });
      if (response.type === 'read') return response.words;
      throw unexpected(response);
    },
    async embed(bytes, region) {
      const response = await ask(bytes, { task: 'embed', region });
      if (response.type === 'embedded') return response.embedding;
      throw unexpected(response);
    },
    async render(bytes) {
      const response = await ask(bytes, { task: 'render' });
      if (response.type === 'rendered') return response.image;
      throw unexpected(response);
    },
    async check(bytes) {
      const response = await ask(bytes, { task: 'check' });
      if (response.type === 'checked') return response.facts;
      throw unexpected(response);
    },
  };
}

const unexpected = ({ type }: ReaderResponse) =>
  new SemblanceError('internal', `The process responded with ${type}.`);
