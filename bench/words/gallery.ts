import { withGallery } from '../retrieval/gallery-index.ts';
import { measure, type Outcome, summarize } from '../retrieval/measure.ts';
import { readQueries, readWordQueries } from '../retrieval/table.ts';
import { rankers, searchBy } from './rankers.ts';

/** A list that finds more than .02 fewer queries first than the better of those it is made of. */
const LOST = 0.02;

type Way = keyof typeof rankers;
const WAYS = Object.keys(rankers) as Way[];
const ALONE: readonly Way[] = ['shown', 'meaning', 'BM25'];

/** The demo gallery with its words, searched by each list alone, by words, and by all. */
export async function printGallery({ misses }: { readonly misses: boolean }): Promise<void> {
  await withGallery({ words: true }, async ports => {
    const queries = [...readWordQueries(), ...readQueries()];
    const outcomes = new Map<Way, readonly Outcome[]>();
    for (const way of WAYS) outcomes.set(way, await measure(queries, searchBy(ports, rankers[way])));
    const of = (way: Way): readonly Outcome[] => outcomes.get(way) ?? [];
    printTable(of);
    if (misses) printMisses(of);
  });
}

function printTable(of: (way: Way) => readonly Outcome[]): void {
  console.log('\nthe demo gallery; recall@1 / @10');
  console.log('searches'.padEnd(26), ...WAYS.map(way => way.padStart(12)));
  const summaries = new Map(WAYS.map(way => [way, summarize(of(way))]));
  for (const [i, { kind, language, queries }] of summarize(of('all')).entries()) {
    const row = (way: Way) => summaries.get(way)?.[i];
    const cells = WAYS.map(way =>
      `${row(way)?.recallAt1.toFixed(2)} / ${row(way)?.recallAt10.toFixed(2)}`.padStart(12),
    );
    const best = Math.max(...ALONE.map(way => row(way)?.recallAt1 ?? 0));
    const lost = (row('all')?.recallAt1 ?? 0) < best - LOST ? '  loses' : '';
    console.log(`${kind}, ${language} (${queries})`.padEnd(26), ...cells, lost);
  }
}

/** Queries that all lists together don't answer first, though one of them alone does. */
function printMisses(of: (way: Way) => readonly Outcome[]): void {
  for (const [i, { query, rank }] of of('all').entries()) {
    const alone = ALONE.filter(way => of(way)[i]?.rank === 1);
    if (rank === 1 || alone.length === 0) continue;
    const place = rank === null ? 'not in ten' : `at ${rank}`;
    console.log(`  ${query.kind} ${query.language} ${query.text}: ${place}, first by ${alone.join(', ')}`);
  }
}
