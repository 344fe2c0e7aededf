import type { Size } from '../canvas.ts';
import type { Random } from '../random.ts';

/** An image with words on it. */
export type Lettering = {
  /** Below gallery/words/, without extension. */
  readonly file: string;
  /** BCP 47. */
  readonly languages: readonly ('en' | 'zh-Hans' | 'zh-Hant')[];
  /** Its lines in reading order. */
  readonly words: readonly string[];
  /** The emoji on it. */
  readonly subjects: readonly string[];
  draw(random: Random): { readonly size: Size; readonly content: string };
};
