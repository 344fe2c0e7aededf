import { setImmediate } from 'node:timers/promises';
import { LRUCache } from 'lru-cache';
import type { TextEncoder } from '../models/encoder.ts';

/** Vectors that are kept; at 512 components 2 KB each. */
const MAX_VECTORS = 1_000;

/** Longer texts are not kept, so that the keys stay small too; UTF-16 units. */
const MAX_KEY = 1_000;

/**
 * The encoder with a bounded memory of what it was asked: paging through results embeds the words once.
 * Text that is not well-formed Unicode has its lone surrogates replaced.
 */
export function rememberingTexts(encoder: TextEncoder): TextEncoder {
  const vectors = new LRUCache<string, Promise<Float32Array>>({ max: MAX_VECTORS });
  return {
    ...encoder,
    encodeText(text) {
      const key = text.toWellFormed().normalize('NFC').trim();
      const known = vectors.get(key);
      if (known) return known;
      const vector = encoder.encodeText(key);
      if (key.length > MAX_KEY) return vector;
      vectors.set(key, vector);
      vector.catch(() => vectors.delete(key));
      return vector;
    },
  };
}

/**
 * The encoder one text at a time, in the order they came. A run holds the thread, so many at once are no faster;
 * but between two of them everything else that waits gets its turn, and no search is overtaken step by step by
 * those that came later.
 */
export function oneTextAtATime(encoder: TextEncoder): TextEncoder {
  let last: Promise<unknown> = Promise.resolve();
  return {
    ...encoder,
    encodeText(text) {
      const vector = last.then(() => encoder.encodeText(text));
      last = vector.then(
        () => setImmediate(),
        () => setImmediate(),
      );
      return vector;
    },
  };
}
