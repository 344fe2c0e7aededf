import { LRUCache } from 'lru-cache';
import type { TextEmbedding, TextEncoder } from '../models/encoder.ts';

/** Vectors that are kept; at 512 components 2 KB each. */
const MAX_VECTORS = 1_000;

/** Longer texts are not kept, so that the keys stay small too; UTF-16 units. */
const MAX_KEY = 1_000;

/**
 * The encoder with a bounded memory of what it was asked: paging through results embeds the words once.
 * Text that is not well-formed Unicode has its lone surrogates replaced.
 */
export function rememberingTexts(encoder: TextEncoder): TextEncoder {
  const embeddings = new LRUCache<string, Promise<TextEmbedding>>({ max: MAX_VECTORS });
  return {
    ...encoder,
    encodeText(text) {
      const key = text.toWellFormed().normalize('NFC').trim();
      const known = embeddings.get(key);
      if (known) return known;
      const embedding = encoder.encodeText(key);
      if (key.length > MAX_KEY) return embedding;
      embeddings.set(key, embedding);
      embedding.catch(() => embeddings.delete(key));
      return embedding;
    },
  };
}
