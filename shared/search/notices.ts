import { z } from 'zod';
import { bandOf } from './chance.ts';

/** What a person should know of a response, by a code and what it is about, for clients that word it themselves. */
export const noticeSchema = z.discriminatedUnion('code', [
  z.object({ code: z.literal('text_in_parts'), parts: z.number().int() }),
  z.object({
    code: z.literal('language_unknown'),
    model: z.string(),
    /** BCP 47; null for a script of many languages. */
    language: z.string().nullable(),
    /** The name of the language in English. */
    language_name: z.string(),
    /** A model that knows it; null where there is none. */
    better_model: z.string().nullable(),
  }),
  z.object({ code: z.literal('nothing_fits') }),
]);
export type Notice = z.infer<typeof noticeSchema>;

/**
 * Whether even the first image is only the nearest there is: the page hides what it finds then, so right images must
 * hardly ever be among it. That none is strong says less, and follows from the number of strong images.
 * @param fits of a search's first page in its order; undefined where it is not known
 */
export const nothingFits = (fits: readonly (number | undefined)[]): boolean => {
  const bands = fits.map(fit => (fit === undefined ? null : bandOf(fit)));
  return bands[0] === 'none' && !bands.includes('strong');
};

/** A notice in English. */
export function sentenceOf(notice: Notice): string {
  switch (notice.code) {
    case 'text_in_parts':
      return `The text is longer than the model reads at once: it was searched for in ${notice.parts} parts.`;
    case 'language_unknown': {
      const remedy = notice.better_model
        ? `set SEMBLANCE_MODEL to ${notice.better_model}, which knows it`
        : 'use words of a language it knows';
      return `The model ${notice.model} does not know ${notice.language_name}, so these results may be poor: ${remedy}.`;
    }
    case 'nothing_fits':
      return 'Nothing here fits the search well: these are only the nearest images.';
  }
}

/** All of them as one text; null where there is nothing to say. */
export const noticeText = (notices: readonly Notice[]): string | null =>
  notices.length > 0 ? notices.map(sentenceOf).join(' ') : null;
