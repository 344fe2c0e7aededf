import { OCR, VISION } from '../../shared/catalog/collection.ts';
import type { Ranking } from '../../shared/search/rankings.ts';
import { type SearchPorts, search } from '../../shared/search/search.ts';
import type { Search } from '../retrieval/measure.ts';

/** The lists by which a search can find lettered images, each alone; `words` joins two of them, `all` all three. */
export const rankers = {
  shown: text => [{ basis: VISION, mode: 'average', criteria: [{ text }] }],
  meaning: text => [{ basis: OCR, mode: 'average', criteria: [{ text }] }],
  BM25: text => [{ basis: OCR, mode: 'average', criteria: [], words: { text, certain: false } }],
  words: text => [{ basis: OCR, mode: 'average', criteria: [{ text }], words: { text, certain: false } }],
  all: text => [
    { basis: VISION, mode: 'average', criteria: [{ text }] },
    { basis: OCR, mode: 'average', criteria: [{ text }], words: { text, certain: false } },
  ],
} as const satisfies Record<string, (text: string) => Ranking[]>;

export const searchBy =
  (ports: SearchPorts, rankingsOf: (text: string) => Ranking[]): Search =>
  async text => {
    const { hits } = await search(ports, {
      rankings: rankingsOf(text),
      fusion: 'fit',
      filters: {},
      count: 10,
      skip: 0,
    });
    return hits.map(({ payload }) => payload.sha1);
  };
