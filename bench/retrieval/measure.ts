import { z } from 'zod';
import type { Query } from './table.ts';

/** fetch, or the app's own `request`. */
export type Fetch = (path: string, init?: RequestInit) => Promise<Response>;

/** The SHA-1 of what was found for a text, best first, at most ten. */
export type Search = (text: string) => Promise<readonly string[]>;

export type Outcome = {
  readonly query: Query;
  /** Of the first right image, from 1; null when none of the ten is right. */
  readonly rank: number | null;
  /** Share of the ten (or of all right images, where they are fewer) that is right. */
  readonly precision: number;
};

export type Summary = {
  readonly kind: string;
  readonly language: string;
  readonly queries: number;
  /** Share of the queries whose first image is right. */
  readonly recallAt1: number;
  /** Share with a right one among ten. */
  readonly recallAt10: number;
  readonly precisionAt10: number;
};

const DEPTH = 10;

const responseSchema = z.object({ result: z.array(z.object({ img: z.object({ sha1: z.string() }) })) });

/** GET /search/text/{text}, by what images show or, with ocr, by the words in them (dense alone). */
export function searchByText(request: Fetch, basis: 'vision' | 'ocr' = 'vision'): Search {
  return text =>
    foundBy(request(`/search/text/${encodeURIComponent(text)}?basis=${basis}&count=${DEPTH}`), text);
}

/** POST /search/query by words: dense and BM25, fused. */
export function searchByWords(request: Fetch): Search {
  return text => foundBy(request('/search/query', json({ words: text, basis: ['ocr'], count: DEPTH })), text);
}

/** POST /search/query by both: what images show and the words in them, fused. */
export function searchByBoth(request: Fetch): Search {
  const query = (text: string) => ({
    criteria: [{ text }],
    words: text,
    basis: ['vision', 'ocr'],
    count: DEPTH,
  });
  return text => foundBy(request('/search/query', json(query(text))), text);
}

export async function measure(queries: readonly Query[], search: Search): Promise<readonly Outcome[]> {
  const outcomes: Outcome[] = [];
  for (const query of queries) {
    const right = (await search(query.text)).map(query.isRight);
    const first = right.indexOf(true);
    outcomes.push({
      query,
      rank: first < 0 ? null : first + 1,
      precision: right.filter(Boolean).length / Math.min(DEPTH, query.right),
    });
  }
  return outcomes;
}

/** One summary a kind and language, in the order of the table. */
export function summarize(outcomes: readonly Outcome[]): readonly Summary[] {
  const groups = Map.groupBy(outcomes, ({ query }) => `${query.kind} ${query.language}`);
  return [...groups.values()].map(members => {
    const share = (counts: (outcome: Outcome) => number) =>
      members.reduce((sum, outcome) => sum + counts(outcome), 0) / members.length;
    return {
      kind: members[0]!.query.kind,
      language: members[0]!.query.language,
      queries: members.length,
      recallAt1: share(({ rank }) => (rank === 1 ? 1 : 0)),
      recallAt10: share(({ rank }) => (rank === null ? 0 : 1)),
      precisionAt10: share(({ precision }) => precision),
    };
  });
}

async function foundBy(request: Promise<Response>, text: string): Promise<readonly string[]> {
  const response = await request;
  if (!response.ok) throw new Error(`'${text}': ${response.status} ${await response.text()}`);
  return responseSchema.parse(await response.json()).result.map(({ img }) => img.sha1);
}

function json(body: unknown): RequestInit {
  return { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
}
