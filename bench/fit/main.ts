/**
 * `npm run bench:fit`: whether the fit of hits tells searches that the images answer from those that they don't: by
 * text and by image over the demo gallery with its model, and by words over the texts of bench/words, which is another
 * space of vectors. The threshold of `strong` was chosen by searches of the first set; by the held out ones
 * nothing was. No other number is a model's or a collection's own (shared/search/chance.ts).
 */
import sharp from 'sharp';
import { emoji } from '../../scripts/gallery/emoji.ts';
import { OCR, VISION } from '../../shared/catalog/collection.ts';
import { STRONG } from '../../shared/search/chance.ts';
import type { Ranking } from '../../shared/search/rankings.ts';
import { type SearchPorts, type SearchResponse, search } from '../../shared/search/search.ts';
import { withGallery } from '../retrieval/gallery-index.ts';
import { readGallery } from '../retrieval/table.ts';
import { distractors } from '../words/distractors.ts';
import { readTexts } from '../words/texts.ts';
import { idOfText, withTexts } from '../words/texts-index.ts';
import { readSearchSets } from './searches.ts';

/** A search: the fit of its first hit, whether that is right (null where nothing is), and what the person is told. */
type Outcome = { readonly fit: number; readonly right: boolean | null; readonly nothingFits: boolean };

/** Images of one page. */
const PAGE = 60;

async function find(ports: SearchPorts, ranking: Ranking): Promise<SearchResponse> {
  const request = { rankings: [ranking], fusion: 'fit' as const, fit: true };
  return search(ports, { ...request, filters: {}, count: PAGE, skip: 0 });
}

/** @param isRight null where no image is */
function judged(
  { hits, notices }: SearchResponse,
  isRight: ((hit: SearchResponse['hits'][number]) => boolean) | null,
): Outcome {
  const first = hits[0];
  return {
    fit: first?.fit ?? 0,
    right: isRight && first !== undefined && isRight(first),
    nothingFits: notices.some(({ code }) => code === 'nothing_fits'),
  };
}

const mean = (numbers: readonly number[]): number =>
  numbers.reduce((sum, each) => sum + each, 0) / numbers.length;
const share = (outcomes: readonly Outcome[], is: (outcome: Outcome) => boolean): number =>
  mean(outcomes.map(outcome => (is(outcome) ? 1 : 0)));

/** How often the fit of one of some is higher than that of one of others. */
const auroc = (some: readonly Outcome[], others: readonly Outcome[]): number =>
  mean(some.flatMap(one => others.map(other => (one.fit > other.fit ? 1 : one.fit === other.fit ? 0.5 : 0))));

function print(name: string, outcomes: readonly Outcome[]): void {
  const answered = outcomes.filter(({ right }) => right !== null);
  const right = answered.filter(outcome => outcome.right);
  const others = outcomes.filter(outcome => outcome.right === null);
  row(name, [
    String(answered.length),
    String(others.length),
    share(answered, outcome => outcome.right === true).toFixed(2),
    auroc(answered, others).toFixed(3),
    auroc(right, others).toFixed(3),
    share(right, ({ fit }) => fit >= STRONG).toFixed(2),
    share(others, ({ fit }) => fit < STRONG).toFixed(2),
    share(right, outcome => outcome.nothingFits).toFixed(2),
    share(others, outcome => outcome.nothingFits).toFixed(2),
  ]);
}
const row = (name: string, cells: readonly string[]): void =>
  console.log(name.padEnd(34), ...cells.map(cell => cell.padStart(8)));

/** The thing at another size and place on another ground than in the gallery. */
async function drawn(name: string): Promise<Uint8Array> {
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="480" height="400"><rect width="480" height="400" fill="#dfe6d2"/>${emoji(name, { x: 215, y: 210, size: 250, turn: 8 })}</svg>`;
  return sharp(Buffer.from(svg)).jpeg().toBuffer();
}

console.log(`with, without: searches that the images answer, and those that they don't.
right: share of the former whose first hit is right.
AUROC: first hits of the former against those of the latter, by their fit; then of the right ones alone.
kept: right first hits that are strong (fit ≥ ${STRONG}); flagged: first hits of searches without an answer that are not.
lost, told: right first hits, and searches without an answer, of which the response says that nothing fits.
`);
const sets = readSearchSets();
const LANGUAGES = ['en', 'zh'] as const;

await withGallery({ words: false }, async ports => {
  const byText = (text: string) => find(ports, { basis: VISION, mode: 'average', criteria: [{ text }] });
  const byImage = async (name: string) =>
    find(ports, { basis: VISION, mode: 'average', criteria: [{ image: await drawn(name) }] });
  for (const { name, answered, unanswered, drawings } of sets) {
    row(name, ['with', 'without', 'right', 'AUROC', '(right)', 'kept', 'flagged', 'lost', 'told']);
    const both: Outcome[] = [];
    for (const language of LANGUAGES) {
      const outcomes: Outcome[] = [];
      for (const query of answered.filter(each => each.language === language))
        outcomes.push(judged(await byText(query.text), ({ payload }) => query.isRight(payload.sha1)));
      for (const text of unanswered[language]) outcomes.push(judged(await byText(text), null));
      print(`texts, demo model, ${language}`, outcomes);
      both.push(...outcomes);
    }
    print('texts, demo model, both', both);
    const outcomes: Outcome[] = [];
    for (const subject of drawings.answered) {
      const right = new Set(
        readGallery().flatMap(({ file, subjects }) => (subjects.includes(subject) ? file : [])),
      );
      outcomes.push(judged(await byImage(subject), ({ payload }) => right.has(payload.key)));
    }
    for (const thing of drawings.unanswered) outcomes.push(judged(await byImage(thing), null));
    print('images, demo model', outcomes);
    console.log();
  }
});

const { texts, queries } = readTexts();
await withTexts([...texts, ...distractors(2_000)], async ports => {
  const byWords = (text: string) =>
    find(ports, {
      basis: OCR,
      mode: 'average',
      criteria: [{ text }],
      words: { text, certain: false },
    });
  for (const language of LANGUAGES) {
    const answered: Outcome[] = [];
    for (const query of queries.filter(each => each.language === language))
      answered.push(judged(await byWords(query.text), ({ id }) => id === idOfText(query.right)));
    for (const { name, unansweredByTexts } of sets) {
      const unanswered: Outcome[] = [];
      for (const text of unansweredByTexts[language]) unanswered.push(judged(await byWords(text), null));
      print(`words, ${language}, ${name}`, [...answered, ...unanswered]);
    }
  }
});
