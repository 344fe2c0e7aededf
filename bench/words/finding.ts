/**
 * `npm run bench:finding`: how well words in images are found, by their meaning, by the words themselves, and by both:
 * the searches of texts.json, among their texts and 2,000 others. Then those of the demo gallery, also by what its
 * images show. `--misses` lists the searches that a joined list loses and one of its parts answers.
 */
import { readFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { OCR, OCR_TERMS, VECTOR_OF } from '../../shared/catalog/collection.ts';
import { queryTerms } from '../../shared/ocr/bm25.ts';
import { fuse } from '../../shared/search/ranking.ts';
import { type SearchPorts, search } from '../../shared/search/search.ts';
import { distractors } from './distractors.ts';
import { printGallery } from './gallery.ts';
import { readTexts, type WordQuery } from './texts.ts';
import { idOfText, withTexts } from './texts-index.ts';

const DEPTH = 10;
const DISTRACTORS = 2_000;
const { values } = parseArgs({ options: { misses: { type: 'boolean', default: false } } });

type Ways = Readonly<Record<'meaning' | 'BM25' | 'by ranks' | 'both', readonly string[]>>;

/** Ids of the best ten, each way. */
async function find(ports: SearchPorts, text: string): Promise<Ways> {
  const { vector: nearest } = await ports.text.encodeText(text);
  const [meaning = [], bm25 = []] = await ports.index.query([
    { using: VECTOR_OF[OCR], nearest, limit: 1_000 },
    { using: OCR_TERMS, sparse: queryTerms(text), limit: 1_000 },
  ]);
  const { hits } = await search(ports, {
    rankings: [{ basis: OCR, mode: 'average', criteria: [{ text }], words: { text, certain: false } }],
    fusion: 'fit',
    filters: {},
    count: DEPTH,
    skip: 0,
  });
  const best = (list: readonly { readonly id: string }[]) => list.slice(0, DEPTH).map(({ id }) => id);
  return {
    meaning: best(meaning),
    BM25: best(bm25),
    'by ranks': best(fuse([meaning, bm25])),
    both: best(hits),
  };
}

const { texts, queries } = readTexts();
await withTexts([...texts, ...distractors(DISTRACTORS)], async ports => {
  const outcomes: { readonly query: WordQuery; readonly found: Ways }[] = [];
  for (const query of queries) outcomes.push({ query, found: await find(ports, query.text) });
  printTable(outcomes);
  if (values.misses) printMisses(outcomes);
  await printUnanswered(ports);
});
await printGallery(values);
console.log(`\nload average ${loadavg()[0]?.toFixed(1)}`);

function printTable(outcomes: readonly { readonly query: WordQuery; readonly found: Ways }[]): void {
  const ways = ['meaning', 'BM25', 'by ranks', 'both'] as const;
  console.log(`${texts.length} texts and ${DISTRACTORS} others; recall@1 / @10`);
  console.log('searches'.padEnd(26), ...ways.map(way => way.padStart(12)));
  const groups = Map.groupBy(outcomes, ({ query }) => `${query.kind}, ${query.language}`);
  for (const [name, members] of groups) {
    const share = (way: (typeof ways)[number], depth: number) =>
      members.filter(({ query, found }) => found[way].slice(0, depth).includes(idOfText(query.right)))
        .length / members.length;
    const cells = ways.map(way =>
      `${share(way, 1).toFixed(2)} / ${share(way, DEPTH).toFixed(2)}`.padStart(12),
    );
    const best = Math.max(share('meaning', 1), share('BM25', 1));
    const lost = share('both', 1) < best - 0.02 ? '  loses' : '';
    console.log(`${name} (${members.length})`.padEnd(26), ...cells, lost);
  }
}

function printMisses(outcomes: readonly { readonly query: WordQuery; readonly found: Ways }[]): void {
  for (const { query, found } of outcomes) {
    const right = idOfText(query.right);
    if (found.both[0] === right || (found.meaning[0] !== right && found.BM25[0] !== right)) continue;
    console.log(`  ${query.kind} ${query.language} ${query.text}: ${JSON.stringify(texts[query.right])}`);
  }
}

/** Searches that no text answers: how many find something, and how much. */
async function printUnanswered(ports: SearchPorts): Promise<void> {
  const file = new URL('../fit/unanswered.json', import.meta.url);
  const { en, zh } = z
    .object({ en: z.array(z.string()), zh: z.array(z.string()) })
    .parse(JSON.parse(readFileSync(file, 'utf8')));
  const counts = [];
  for (const text of [...en, ...zh]) {
    const { hits } = await search(ports, {
      rankings: [{ basis: OCR, mode: 'average', criteria: [{ text }], words: { text, certain: false } }],
      fusion: 'fit',
      filters: {},
      count: 100,
      skip: 0,
    });
    counts.push(hits.length);
  }
  const sorted = counts.toSorted((a, b) => a - b);
  const median = sorted[Math.floor(sorted.length / 2)];
  console.log(
    `\n${counts.length} searches for what stands nowhere: ${median} images found in the median, ` +
      `${sorted.filter(count => count === 0).length} find none (without a cut: all ${texts.length + DISTRACTORS})`,
  );
}
