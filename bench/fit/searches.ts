import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { type Query, queriesOf, readGallery, readQueries } from '../retrieval/table.ts';
import { distractors } from '../words/distractors.ts';
import { readTexts } from '../words/texts.ts';

const unansweredSchema = z.object({
  en: z.array(z.string()),
  zh: z.array(z.string()),
  drawings: z.array(z.string()),
  near_texts: z.array(z.string()),
});
const heldOutSchema = z.object({
  answered: z.array(
    z.object({ query: z.string(), language: z.enum(['en', 'zh']), find: z.array(z.string()).min(1) }),
  ),
  unanswered: unansweredSchema,
});

/** Searches over the demo gallery: those that it answers, and those that it does not. */
export type SearchSet = {
  readonly name: string;
  readonly answered: readonly Query[];
  /** By language. */
  readonly unanswered: { readonly en: readonly string[]; readonly zh: readonly string[] };
  /** The same without what the texts of bench/words answer. */
  readonly unansweredByTexts: { readonly en: readonly string[]; readonly zh: readonly string[] };
  /** Names of single emoji to search for as images: of what is drawn in the gallery, and of what is not. */
  readonly drawings: { readonly answered: readonly string[]; readonly unanswered: readonly string[] };
};

/** How many things that the gallery shows are drawn anew; the others are held out. */
const DRAWN = 75;

/** The searches by which the threshold of `strong` was chosen, and those that nothing was chosen by. */
export function readSearchSets(): readonly SearchSet[] {
  const unanswered = unansweredSchema.parse(readJson('unanswered.json'));
  const heldOut = heldOutSchema.parse(readJson('held-out.json'));
  const drawn = new Set(readGallery().flatMap(({ kind, subjects }) => (kind === 'single' ? subjects : [])));
  const shown = spread([...drawn], DRAWN);
  return [
    {
      name: 'chosen by',
      answered: readQueries().filter(({ kind }) => kind === 'single'),
      unanswered,
      unansweredByTexts: withoutTexts(unanswered),
      drawings: { answered: shown, unanswered: unanswered.drawings },
    },
    {
      name: 'held out',
      answered: queriesOf(heldOut.answered.map(row => ({ ...row, kind: 'single' }))),
      unanswered: heldOut.unanswered,
      unansweredByTexts: withoutTexts(heldOut.unanswered),
      drawings: {
        answered: [...drawn].filter(name => !shown.includes(name)),
        unanswered: heldOut.unanswered.drawings,
      },
    },
  ];
}

/** What hangs in no demo gallery may still stand on these signs. */
function withoutTexts({ en, zh, near_texts }: z.infer<typeof unansweredSchema>) {
  const said = [...readTexts().texts, ...distractors(2_000)].join('\n').toLowerCase();
  const isNowhere = (words: string) => !said.includes(words.toLowerCase()) && !near_texts.includes(words);
  return { en: en.filter(isNowhere), zh: zh.filter(isNowhere) };
}

/** So many of all, evenly from beginning to end, so that all kinds are among them. */
const spread = <T>(all: readonly T[], count: number): T[] =>
  all.filter((_, i) => Math.floor((i * count) / all.length) !== Math.floor(((i - 1) * count) / all.length));

const readJson = (name: string): unknown =>
  JSON.parse(readFileSync(new URL(`./${name}`, import.meta.url), 'utf8'));
