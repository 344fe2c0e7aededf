/**
 * `npm run bench:fit`: whether the fit of hits tells searches that the images answer from those that they don't: by
 * text and by image over the demo gallery with its model, and by words over the texts of bench/words, which is another
 * space of vectors. Every other search of the gallery was used to choose the threshold of `strong`; no other number is
 * a model's or a collection's own (shared/search/chance.ts).
 */
import { readFileSync } from 'node:fs';
import sharp from 'sharp';
import { z } from 'zod';
import { emoji } from '../../scripts/gallery/emoji.ts';
import { OCR, VISION } from '../../shared/catalog/collection.ts';
import { STRONG } from '../../shared/search/chance.ts';
import type { Criterion, Ranking } from '../../shared/search/rankings.ts';
import { type Hit, type SearchPorts, search } from '../../shared/search/search.ts';
import { withGallery } from '../retrieval/gallery-index.ts';
import { readGallery, readQueries } from '../retrieval/table.ts';
import { distractors } from '../words/distractors.ts';
import { readTexts } from '../words/texts.ts';
import { idOfText, withTexts } from '../words/texts-index.ts';

const ANSWERED = 75;

/** A search: the fit of its first hit, and whether that is right; null where nothing is right. */
type Outcome = { readonly fit: number; readonly right: boolean | null };

const unanswered = z
  .object({ en: z.array(z.string()), zh: z.array(z.string()) })
  .parse(JSON.parse(readFileSync(new URL('./unanswered.json', import.meta.url), 'utf8')));

/** Some of what hangs in no demo gallery stands on these signs. */
function isNowhere(words: string): boolean {
  const said = [...texts, ...distractors(2_000)].join('\n').toLowerCase();
  return !said.includes(words.toLowerCase()) && !NEAR_A_TEXT.has(words);
}

async function first(ports: SearchPorts, criteria: readonly Criterion[]): Promise<Hit | undefined> {
  const rankings: Ranking[] = [{ basis: VISION, mode: 'average', criteria }];
  const { hits } = await search(ports, {
    rankings,
    fusion: 'fit',
    fit: true,
    filters: {},
    count: 1,
    skip: 0,
  });
  return hits[0];
}

const judged = (hit: Hit | undefined, isRight: ((sha1: string) => boolean) | null): Outcome => ({
  fit: hit?.fit ?? 0,
  right: isRight && hit !== undefined && isRight(hit.payload.sha1),
});

function print(name: string, outcomes: readonly Outcome[]): void {
  const answered = outcomes.filter(({ right }) => right !== null);
  const others = outcomes.filter(({ right }) => right === null);
  const pairs = answered.flatMap(one =>
    others.map(other => (one.fit > other.fit ? 1 : one.fit === other.fit ? 0.5 : 0)),
  );
  const mean = (numbers: readonly number[]) => numbers.reduce((sum, each) => sum + each, 0) / numbers.length;
  const kept = mean(answered.filter(({ right }) => right).map(({ fit }) => (fit >= STRONG ? 1 : 0)));
  const flagged = mean(others.map(({ fit }) => (fit < STRONG ? 1 : 0)));
  console.log(
    name.padEnd(34),
    String(answered.length).padStart(4),
    String(others.length).padStart(8),
    ...[mean(pairs), kept, flagged].map((value, i) =>
      value.toFixed(i === 0 ? 3 : 2).padStart(i === 2 ? 8 : 7),
    ),
  );
}

/** Every n-th, so that all kinds are among them. */
const spread = <T>(all: readonly T[], count: number): T[] =>
  all.filter((_, i) => Math.floor((i * count) / all.length) !== Math.floor(((i - 1) * count) / all.length));

const drawnSubjects = (): string[] => [
  ...new Set(
    readGallery()
      .filter(({ kind }) => kind === 'single')
      .flatMap(({ subjects }) => subjects),
  ),
];

/** The thing at another size and place on another ground than in the gallery. */
async function drawn(name: string): Promise<Uint8Array> {
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="480" height="400"><rect width="480" height="400" fill="#dfe6d2"/>${emoji(name, { x: 215, y: 210, size: 250, turn: 8 })}</svg>`;
  return sharp(Buffer.from(svg)).jpeg().toBuffer();
}

/** Things of the same style that nobody drew in the gallery. */
const NOT_IN_GALLERY = [
  'anchor',
  'bathtub',
  'bow-and-arrow',
  'broom',
  'bucket',
  'chair',
  'coffin',
  'compass',
  'couch-and-lamp',
  'dna',
  'elevator',
  'fire-extinguisher',
  'fishing-pole',
  'hook',
  'ladder',
  'magnet',
  'microscope',
  'mirror',
  'nut-and-bolt',
  'petri-dish',
  'plunger',
  'razor',
  'roller-skate',
  'scroll',
  'shower',
  'sewing-needle',
  'syringe',
  'thermometer',
  'toilet',
  'toothbrush',
  'window',
  'door',
  'hourglass-done',
  'abacus',
  'test-tube',
  'stethoscope',
  'safety-pin',
  'yarn',
  'kite',
  'yo-yo',
];

/** What the texts of bench/words answer in other words. */
const NEAR_A_TEXT = new Set([
  '游泳池',
  'swimming pool',
  '堵车',
  'traffic jam',
  'weather forecast chart',
  '天气预报图',
  'staircase',
  '楼梯',
  'chess board',
  'rock climber',
  '攀岩者',
  'ski lift',
  'parking meter',
  'ballet dancers',
  'marathon runners',
  '马拉松选手',
  'brick wall',
  '砖墙',
  'dining table',
  'lawn mower',
  'bookshelf',
  '书架',
]);

console.log('AUROC: first hits of searches with an answer against those without, by their fit.');
console.log(
  `kept: right first hits that are strong (fit ≥ ${STRONG}); flagged: first hits of searches without an answer that are not.\n`,
);
console.log(
  'searches'.padEnd(34),
  'with',
  'without'.padStart(8),
  'AUROC'.padStart(7),
  'kept'.padStart(7),
  'flagged'.padStart(8),
);

await withGallery({ words: false }, async ports => {
  const text = (criterion: string) => first(ports, [{ text: criterion }]);
  const both: Outcome[] = [];
  for (const language of ['en', 'zh'] as const) {
    const queries = readQueries().filter(query => query.kind === 'single' && query.language === language);
    const outcomes: Outcome[] = [];
    for (const query of spread(queries, ANSWERED))
      outcomes.push(judged(await text(query.text), query.isRight));
    for (const query of unanswered[language]) outcomes.push(judged(await text(query), null));
    print(`texts, demo model, ${language}`, outcomes);
    both.push(...outcomes);
  }
  print('texts, demo model, both', both);
  const outcomes: Outcome[] = [];
  for (const subject of spread(drawnSubjects(), ANSWERED)) {
    const hit = await first(ports, [{ image: await drawn(subject) }]);
    const right = new Set(
      readGallery()
        .filter(image => image.subjects.includes(subject))
        .map(({ file }) => file),
    );
    outcomes.push({ fit: hit?.fit ?? 0, right: hit !== undefined && right.has(hit.payload.key) });
  }
  for (const name of NOT_IN_GALLERY)
    outcomes.push(judged(await first(ports, [{ image: await drawn(name) }]), null));
  print('images, demo model', outcomes);
});

const { texts, queries } = readTexts();
await withTexts([...texts, ...distractors(2_000)], async ports => {
  const ask = async (words: string): Promise<Hit | undefined> => {
    const ranking: Ranking = {
      basis: OCR,
      mode: 'average',
      criteria: [{ text: words }],
      words: { text: words, certain: false },
    };
    return (await search(ports, { rankings: [ranking], fusion: 'fit', filters: {}, count: 1, skip: 0 }))
      .hits[0];
  };
  for (const language of ['en', 'zh'] as const) {
    const outcomes: Outcome[] = [];
    for (const query of queries.filter(each => each.language === language)) {
      const hit = await ask(query.text);
      outcomes.push({ fit: hit?.fit ?? 0, right: hit?.id === idOfText(query.right) });
    }
    for (const query of unanswered[language].filter(isNowhere)) outcomes.push(judged(await ask(query), null));
    print(`words, semblance-words-v1, ${language}`, outcomes);
  }
});
