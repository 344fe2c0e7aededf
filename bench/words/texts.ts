import { readFileSync } from 'node:fs';
import { z } from 'zod';

const KINDS = ['exact', 'part', 'misread', 'partly', 'paraphrase', 'cross', 'across'] as const;
export type Kind = (typeof KINDS)[number];

const schema = z.object({
  texts: z.array(
    z
      .object({ text: z.string() })
      .extend(
        Object.fromEntries(KINDS.map(kind => [kind, z.array(z.string()).default([])])) as Record<
          Kind,
          z.ZodDefault<z.ZodArray<z.ZodString>>
        >,
      ),
  ),
});

/** A search, and the number of the text that it must find. */
export type WordQuery = {
  readonly text: string;
  readonly kind: Kind;
  readonly language: 'en' | 'zh';
  readonly right: number;
};

/** The texts of texts.json and the searches for them. */
export function readTexts(): { texts: string[]; queries: WordQuery[] } {
  const file = new URL('./texts.json', import.meta.url);
  const { texts } = schema.parse(JSON.parse(readFileSync(file, 'utf8')));
  const queries = KINDS.flatMap(kind =>
    texts.flatMap((entry, right) =>
      entry[kind].map(text => ({
        text,
        kind,
        right,
        language: /\p{sc=Han}/u.test(text) ? ('zh' as const) : ('en' as const),
      })),
    ),
  );
  return { texts: texts.map(({ text }) => text), queries };
}
