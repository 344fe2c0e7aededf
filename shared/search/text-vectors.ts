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
    model: encoder.model,
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
