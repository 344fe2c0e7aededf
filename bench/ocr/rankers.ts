import { OCR, VISION } from '../../shared/catalog/collection.ts';
import type { Ranking } from '../../shared/search/rankings.ts';
import { type SearchPorts, search } from '../../shared/search/search.ts';
import type { Search } from '../retrieval/measure.ts';

/** The ways in which a search can find words in images. */
export const rankers = {
  'by what images show': text => [{ basis: VISION, mode: 'average', criteria: [{ text }] }],
  'words: dense': text => [{ basis: OCR, mode: 'average', criteria: [{ text }] }],
  'words: BM25': text => [{ basis: OCR, mode: 'average', criteria: [], words: { text, certain: false } }],
  'words: dense and BM25, fused': text => [
    { basis: OCR, mode: 'average', criteria: [{ text }], words: { text, certain: false } },
  ],
  'what they show and words, fused': text => [
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
