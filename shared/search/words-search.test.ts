import { afterEach, describe, expect, test } from 'vitest';
import type { Point } from '../vectors/vector-index.ts';
import type { Ranking } from './rankings.ts';
import { type SearchRequest, search } from './search.ts';
import { imageAt, openTestIndex, type TestIndex, testPorts } from './testing-index.ts';
import { matchedLines, wordsSearch } from './words.ts';

let index: TestIndex | undefined;
afterEach(async () => {
  await index?.drop();
  index = undefined;
});

/** An image that says `text`, and means what the numbers say. */
const lettered = (n: number, text: string, meaning: readonly number[] = [0, 0, 0, 1]): Point =>
  imageAt(n, { vision: [1], ocr: meaning }, { ocr_text: text });

async function find(points: readonly Point[], words: string, more: Partial<SearchRequest> = {}) {
  index ??= await openTestIndex(points);
  const { ranking, filter, certain } = wordsSearch(words);
  const rankings: Ranking[] = [
    {
      basis: 'ocr',
      mode: 'average',
      criteria: [{ text: ranking }],
      words: { text: ranking, certain },
      ofWords: true,
    },
  ];
  const request: SearchRequest = {
    rankings,
    fusion: 'fit',
    filters: {},
    restriction: filter,
    count: 100,
    skip: 0,
  };
  const { hits } = await search(testPorts(index), { ...request, ...more });
  return hits;
}
const numbers = (hits: readonly { readonly id: string }[]): number[] =>
  hits.map(({ id }) => Number.parseInt(id.slice(-12), 16));

describe('words in images', () => {
  test('are not found in an image that neither says nor means them', async () => {
    const points = [lettered(1, 'no parking'), lettered(2, 'open', [0, 1])];
    expect(await find(points, '1 0 0 0')).toEqual([]);
  });

  test('are found by what they mean, by what they say, or by both, the last first', async () => {
    const points = [
      lettered(1, 'something else', [1, 0.2]),
      lettered(2, 'room 7 8', [0, 0, 1]),
      lettered(3, 'room 7 8', [7, 8]),
      lettered(4, 'nothing of it', [0, 0, 1]),
    ];
    expect(numbers(await find(points, '7 8'))).toEqual([3, 2, 1]);
  });

  test('most of which stand there do not come before what means all of them', async () => {
    const points = [lettered(1, 'open 9 5 3 hours', [0, 0, 0, 1]), lettered(2, '24 小时', [9, 5, 3, 8])];
    expect(numbers(await find(points, '9 5 3 1'))).toEqual([2, 1]);
  });

  test('half of which stand there have no say, but are found', async () => {
    const points = [
      lettered(1, 'open 9 5 only', [9, 5, 3, 9]),
      lettered(2, '24 小时', [9, 5, 3, 8]),
      lettered(3, '3 1', [-9, 0]),
    ];
    expect(numbers(await find(points, '9 5 3 1'))).toEqual([2, 1, 3]);
  });

  test('that are shared and common do not come before what means the search', async () => {
    const noise = Array.from({ length: 40 }, (_, n) => lettered(10 + n, 'open 9 5 hours', [0, 0, 0, 1]));
    const points = [...noise, lettered(1, '24 小时', [9, 5, 3, 1])];
    expect(numbers(await find(points, '9 5 3 1'))).toEqual([1]);
  });

  test('explain which part found them', async () => {
    const points = [lettered(1, 'else', [1, 0]), lettered(2, '1 0', [0, 0, 1])];
    const hits = await find(points, '1 0', { explain: true });
    const parts = new Map(hits.map(({ id, explain }) => [numbers([{ id }])[0], explain?.parts[0]?.part]));
    expect(parts).toEqual(
      new Map([
        [1, 'meaning'],
        [2, 'words'],
      ]),
    );
  });

  test('in quotes are found whatever they mean, and only where they are in sequence', async () => {
    const points = [
      lettered(1, 'Müller Straße 12', [-1, 0]),
      lettered(2, 'Straße Müller', [1, 0]),
      lettered(3, 'Ｍüller strasse', [0, 1]),
    ];
    expect(numbers(await find(points, '"muller strasse"')).toSorted()).toEqual([1, 3]);
    expect(numbers(await find(points, '"müller strasse" -12'))).toEqual([3]);
  });

  test('between stars are found in any part of a word, with one star at its begin or end', async () => {
    const points = [
      lettered(1, 'Railway STATION'),
      lettered(2, 'stationary'),
      lettered(3, 'restaurant'),
      lettered(4, 'état 開放'),
      lettered(5, 'open tat'),
    ];
    const found = async (words: string) => numbers(await find(points, words)).toSorted();
    expect(await found('*tation*')).toEqual([1, 2]);
    expect(await found('*tation')).toEqual([1]);
    expect(await found('station*')).toEqual([1, 2]);
    expect(await found('*sta*')).toEqual([1, 2, 3]);
    expect(await found('*eta*')).toEqual([4]);
    expect(await found('"*y stat*"')).toEqual([1]);
    expect(await found('*sta* -*ary')).toEqual([1, 3]);
    expect(await found('*开放*')).toEqual([4]);
    expect(await found('"tation"')).toEqual([]);
  });

  test('are paged to their depth without repeats or gaps', async () => {
    const points = Array.from({ length: 450 }, (_, n) =>
      lettered(n, n % 2 ? 'sale 1 0' : 'sale', [1, n / 450]),
    );
    const seen: number[] = [];
    for (let skip = 0; ; skip += 70) {
      const hits = await find(points, '1 0', { skip, count: 70 });
      seen.push(...numbers(hits));
      const scores = hits.map(({ score }) => score);
      expect(scores).toEqual(scores.toSorted((a, b) => b - a));
      if (hits.length < 70) break;
    }
    expect(new Set(seen).size).toBe(seen.length);
    expect(seen).toHaveLength(450);
  });

  test('beside criteria rank with them, as they fit', async () => {
    const vision: Ranking = { basis: 'vision', mode: 'average', criteria: [{ text: '1 0' }] };
    const points = [
      imageAt(1, { vision: [1, 0.1] }),
      imageAt(2, { vision: [0, 1], ocr: [0, 0, 0, 1] }, { ocr_text: '5 6' }),
      imageAt(3, { vision: [0.9, 0.4], ocr: [5, 6] }, { ocr_text: '5 6' }),
      imageAt(4, { vision: [-1, 0] }),
    ];
    const [words] = [
      { basis: 'ocr', mode: 'average', criteria: [{ text: '5 6' }], words: { text: '5 6', certain: false } },
    ] as const satisfies Ranking[];
    const hits = numbers(await find(points, '5 6', { rankings: [vision, words] }));
    expect(hits[0]).toBe(3);
    expect(hits.at(-1)).toBe(4);
  });
});

test('a line that was seen but not read is shown by no search, not even by one for nothing', () => {
  const box: [number, number][] = [
    [0, 0],
    [9, 0],
    [9, 9],
    [0, 9],
  ];
  const [unread, read] = [
    { text: '', score: 0, box },
    { text: 'Straße 12', score: 0.99, box },
  ];
  expect(matchedLines([unread, read], 'strasse')).toEqual([read]);
  expect(matchedLines([unread, read], '')).toEqual([]);
  expect(matchedLines([unread], '!?')).toEqual([]);
});
