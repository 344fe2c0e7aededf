/**
 * `npm run bench:retrieval`: how well the demo gallery is searched, through HTTP. Needs it running (`npm start`).
 */
import { parseArgs } from 'node:util';
import { z } from 'zod';
import {
  type Fetch,
  measure,
  type Outcome,
  type Search,
  searchByBoth,
  searchByText,
  searchByWords,
  summarize,
} from './measure.ts';
import { type Query, readGallery, readQueries, readWordQueries } from './table.ts';

const help = `Measures searches over the demo gallery through HTTP and prints recall by kind and language.

  npm start                                            in one terminal
  npm run bench:retrieval                              in another
  npm run bench:retrieval -- --misses                  also what was not found first
  BASE_URL=http://127.0.0.1:8080 npm run bench:retrieval

recall@1: the first image is right. recall@10: a right one is among ten. precision@10: how many of the ten are
right, or of all right ones where they are fewer. Queries are in bench/retrieval/queries.json and words.json.`;

const baseUrl = process.env['BASE_URL'] ?? 'http://127.0.0.1:3000';
const { values } = parseArgs({
  options: {
    misses: { type: 'boolean', default: false },
    help: { type: 'boolean', short: 'h', default: false },
  },
});

if (values.help) console.log(help);
else await run();

async function run(): Promise<void> {
  const request: Fetch = (path, init) => fetch(new URL(path, baseUrl), init);
  const welcomeSchema = z.object({ available_basis: z.array(z.string()) });
  const welcome = welcomeSchema.parse(await (await request('/')).json());
  console.log(`${baseUrl}: ${readGallery().length} images in the gallery\n`);
  await report('By what images show', readQueries(), searchByText(request));
  if (!welcome.available_basis.includes('ocr')) {
    console.log('Words in images: skipped, the server reads none (OCR is off).');
    return;
  }
  await warnOfQueue(request);
  const words = readWordQueries();
  await report('Words: by what images show', words, searchByText(request));
  await report('Words: dense', words, searchByText(request, 'ocr'));
  await report('Words: dense and BM25, fused', words, searchByWords(request));
  await report('Words: all, fused', words, searchByBoth(request));
}

/** Words are read after the images themselves are searchable. */
async function warnOfQueue(request: Fetch): Promise<void> {
  const response = await request('/admin/server_info');
  if (!response.ok) return;
  const { index_queue_length: waiting } = z
    .object({ index_queue_length: z.number() })
    .parse(await response.json());
  if (waiting > 0)
    console.log(`${waiting} images still wait to be read: what follows will be better later.\n`);
}

async function report(title: string, queries: readonly Query[], search: Search): Promise<void> {
  const outcomes = await measure(queries, search);
  console.log(title.padEnd(34), 'queries  recall@1  recall@10  precision@10');
  for (const { kind, language, queries: count, recallAt1, recallAt10, precisionAt10 } of summarize(
    outcomes,
  )) {
    const cells = [
      String(count).padStart(7),
      recallAt1.toFixed(2).padStart(8),
      recallAt10.toFixed(2).padStart(9),
    ];
    console.log(`  ${kind} ${language}`.padEnd(34), cells.join('  '), precisionAt10.toFixed(2).padStart(13));
  }
  if (values.misses) printMisses(outcomes);
  console.log();
}

function printMisses(outcomes: readonly Outcome[]): void {
  for (const { query, rank } of outcomes.filter(outcome => outcome.rank !== 1))
    console.log(
      `    ${query.kind} ${query.language} ${query.text}: ${rank === null ? 'not in ten' : `at ${rank}`}`,
    );
}
