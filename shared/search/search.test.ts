import fc from 'fast-check';
import { afterEach, describe, expect, test } from 'vitest';
import type { Point } from '../vectors/vector-index.ts';
import { bandOf } from './chance.ts';
import type { Ranking } from './rankings.ts';
import { measureFits, type SearchPorts, type SearchRequest, search, searchRandom } from './search.ts';
import { idOf, imageAt, openTestIndex, type TestIndex, testPorts } from './testing-index.ts';

let index: TestIndex | undefined;
afterEach(async () => {
  await index?.drop();
  index = undefined;
});

async function ports(points: readonly Point[]) {
  await index?.drop();
  index = await openTestIndex(points);
  return { ...testPorts(index), calls: index.calls };
}

const vision = (...criteria: Ranking['criteria']): Ranking => ({
  basis: 'vision',
  mode: 'average',
  criteria,
});
const ask = (rankings: Ranking[], more: Partial<SearchRequest> = {}): SearchRequest => ({
  rankings,
  fusion: 'fit',
  filters: {},
  count: 10,
  skip: 0,
  ...more,
});
const numbers = (hits: readonly { id: string }[]): number[] =>
  hits.map(({ id }) => Number.parseInt(id.slice(-12), 16));

/** Few distinct vectors, so that most scores are equal. */
const crowd = (size: number): Point[] =>
  Array.from({ length: size }, (_, n) =>
    imageAt(n, {
      vision:
        [
          [1, 0, 0, 0],
          [0, 1, 0, 0],
          [1, 1, 0, 0],
        ][n % 3] ?? [],
      ...(n % 4 === 0 ? { ocr: [n % 8, 1, 0, 0] } : {}),
    }),
  );

describe('pages', () => {
  const cases: [string, Ranking[]][] = [
    ['a single list', [vision({ text: '1 0' })]],
    ['examples by best', [{ ...vision({ text: '1 0' }, { text: '0 1', weight: -1 }), mode: 'best' }]],
    ['a fused list', [vision({ text: '1 0' }), { ...vision({ text: '0 1' }), basis: 'ocr' }]],
  ];
  for (const [what, rankings] of cases) {
    test(`of ${what} neither repeat nor leave out`, async () => {
      const made = await ports(crowd(90));
      await fc.assert(
        fc.asyncProperty(fc.integer({ min: 1, max: 40 }), async count => {
          const seen: string[] = [];
          for (let skip = 0; ; skip += count) {
            const { hits } = await search(made, ask(rankings, { skip, count }));
            seen.push(...hits.map(({ id }) => id));
            if (hits.length < count) break;
          }
          expect(new Set(seen).size).toBe(seen.length);
          expect(seen.toSorted()).toEqual(Array.from({ length: 90 }, (_, n) => idOf(n)));
        }),
        { numRuns: 10 },
      );
    });
  }

  const byFits: [string, Ranking[], Partial<SearchRequest>][] = [
    ['of a fused list', [vision({ text: '1 0 1' }), { ...vision({ text: '0 1 1' }), basis: 'ocr' }], {}],
    [
      'of words beside criteria',
      [
        vision({ text: '1 0 1' }),
        { ...vision({ text: '7 2' }), basis: 'ocr', words: { text: '7 2', certain: false }, ofWords: true },
      ],
      {},
    ],
    ['of what fits at least so well', [vision({ text: '1 0 1' })], { minFit: 0.3 }],
    [
      'of words that fit at least so well',
      [{ ...vision({ text: '7 2' }), basis: 'ocr', words: { text: '7 2', certain: false }, ofWords: true }],
      { minFit: 0.3 },
    ],
  ];
  test.each(byFits)(
    '%s are the same before it is measured how well images fit',
    async (_, rankings, more) => {
      const points = Array.from({ length: 60 }, (_, n) =>
        imageAt(
          n,
          {
            vision: [Math.sin(n), Math.cos(3 * n), Math.sin(7 * n), 1],
            ...(n % 2 === 0 ? { ocr: [Math.cos(n), Math.sin(5 * n), Math.cos(7 * n), 1] } : {}),
          },
          n % 2 === 0 ? { ocr_text: `room ${n % 9} ${n % 5}` } : {},
        ),
      );
      const made = await ports(points);
      const page = async (ports: SearchPorts, skip: number) =>
        numbers((await search(ports, ask(rankings, { ...more, skip, count: 10 }))).hits);
      const cold = [];
      for (let skip = 0; skip < 60; skip += 10) cold.push(await page(testPorts(made.index), skip));
      await measureFits(made, ['vision', 'ocr']);
      const warm = [];
      for (let skip = 0; skip < 60; skip += 10) warm.push(await page(made, skip));
      expect(cold).toEqual(warm);
      expect(warm[0]).not.toEqual([]);
    },
  );

  test('reach 10,000 and no further', async () => {
    const made = await ports(crowd(3));
    await expect(
      search(made, ask([vision({ text: '1' })], { skip: 9_990, count: 10 })),
    ).resolves.toMatchObject({
      hits: [],
    });
    await expect(
      search(made, ask([vision({ text: '1' })], { skip: 9_991, count: 10 })),
    ).rejects.toMatchObject({
      code: 'page_too_deep',
    });
  });

  test('cost one query alone, and a retrieve each for examples and for a fused page', async () => {
    const points = Array.from({ length: 50 }, (_, n) =>
      imageAt(n, { vision: [1, n / 50, 0, 0], ocr: [1, n, 0, 0] }),
    );
    const made = await ports(points);
    const rankings = [vision({ id: idOf(1) }, { id: idOf(2), weight: -1 }, { text: '1 1' })];
    await search(
      made,
      ask([...rankings, { ...vision({ text: '1' }), basis: 'ocr', words: { text: 'a', certain: false } }], {
        explain: true,
      }),
    );
    expect(made.calls).toMatchObject({ retrieve: 2, query: 1 });
    await search(made, ask([vision({ text: '1' })]));
    expect(made.calls).toMatchObject({ retrieve: 2, query: 2 });
  });

  test.each(['average', 'best'] as const)(
    'cost one query and a retrieve also of 32 criteria, many of them unwanted: %s',
    async mode => {
      const points = Array.from({ length: 40 }, (_, n) => imageAt(n, { vision: [1, n / 40, n % 3, 0] }));
      const made = await ports(points);
      const criteria = Array.from({ length: 32 }, (_, n) => ({
        ...(n % 2 === 0 ? { text: `1 ${n}` } : { id: idOf(n) }),
        weight: n % 3 === 0 ? 0.5 + n / 10 : -1 - n / 10,
      }));
      const { hits } = await search(made, ask([{ ...vision(...criteria), mode }], { fit: true, count: 40 }));
      expect(hits).toHaveLength(24);
      expect(made.calls).toMatchObject({ retrieve: 1, query: 1 });
    },
  );
});

describe('examples', () => {
  test('a stored image is not among what is like it', async () => {
    const made = await ports(crowd(9));
    const { hits } = await search(made, ask([vision({ id: idOf(0) })]));
    expect(numbers(hits)).not.toContain(0);
    expect(numbers(hits).slice(0, 2)).toEqual([3, 6]);
  });

  test('one that is not stored is an error', async () => {
    const made = await ports(crowd(3));
    await expect(search(made, ask([vision({ id: idOf(77) })]))).rejects.toMatchObject({ code: 'not_found' });
  });

  test('one without words is like nothing on words', async () => {
    const made = await ports(crowd(9));
    const { hits } = await search(made, ask([{ ...vision({ id: idOf(1) }), basis: 'ocr' }]));
    expect(hits).toEqual([]);
  });

  test('words are rejected while they are not read', async () => {
    const made = await ports(crowd(3));
    const request = ask([{ ...vision({ text: 'x' }), basis: 'ocr' }]);
    await expect(search({ ...made, ocrText: null }, request)).rejects.toMatchObject({
      code: 'basis_unavailable',
    });
  });

  test('words are embedded trimmed and in lower case, and an image once', async () => {
    const made = await ports(crowd(3));
    let embedded = 0;
    const images = {
      embed: async () => {
        embedded++;
        return Float32Array.of(1, 0, 0, 0);
      },
    };
    const image = Uint8Array.of(1);
    await search({ ...made, images }, ask([vision({ image }, { image, weight: 2 })]));
    expect(embedded).toBe(1);
    await search(made, ask([{ ...vision({ text: '  New YEAR ' }), basis: 'ocr' }]));
    expect(made.texts).toEqual(['new year']);
  });
});

describe('explain', () => {
  test('the shares of an average add up to its score', async () => {
    const made = await ports(crowd(12));
    const criteria = [{ text: '1 0.2' }, { text: '0.5 1', weight: 3 }, { text: '0 1 1', weight: -0.5 }];
    const { hits } = await search(made, ask([vision(...criteria)], { explain: true }));
    for (const { score, explain } of hits) {
      const sum = explain?.criteria.reduce((total, { share }) => total + share, 0);
      expect(sum).toBeCloseTo(score, 5);
    }
  });

  test('the shares of the bases add up to a fused score, by their weights', async () => {
    const made = await ports(crowd(12));
    const rankings = [
      { ...vision({ text: '1 0' }), weight: 2 },
      { ...vision({ text: '1 0' }), basis: 'ocr' as const, weight: 0.5 },
    ];
    const { hits } = await search(made, ask(rankings, { explain: true }));
    for (const { score, explain } of hits)
      expect(explain?.bases.reduce((total, { share }) => total + share, 0)).toBeCloseTo(score, 9);
  });
});

describe('what narrows', () => {
  const shapes = [
    imageAt(0, { vision: [1] }, { starred: true, categories: ['a', 'b'], format: 'png', width: 300 }),
    imageAt(1, { vision: [1] }, { categories: ['b'], aspect_ratio: 2, taken_at: '2026-03-01T23:30:00Z' }),
    imageAt(2, { vision: [1] }, { categories: [], aspect_ratio: 2.2, taken_at: '2026-03-02T00:00:00Z' }),
    imageAt(3, { vision: [1] }, { categories: null, format: 'gif', height: 20 }),
  ];
  const cases: [string, SearchRequest['filters'], number[]][] = [
    ['nothing', {}, [0, 1, 2, 3]],
    ['a star', { starred: true }, [0]],
    ['no star', { starred: false }, [1, 2, 3]],
    ['any category', { categories: ['a', 'nope'] }, [0]],
    ['an empty list of categories', { categories: [] }, []],
    ['no category of these', { categories_negative: ['b'] }, [2, 3]],
    ['none unwanted', { categories_negative: [] }, [0, 1, 2, 3]],
    ['a ratio', { preferred_ratio: 2 }, [1, 2]],
    ['a ratio strictly', { preferred_ratio: 2, ratio_tolerance: 0.05 }, [1]],
    ['a tolerance alone', { ratio_tolerance: 0.05 }, [0, 1, 2, 3]],
    ['a width', { min_width: 101 }, [0]],
    ['no width', { min_width: 0, min_height: -1 }, [0, 1, 2, 3]],
    ['a height', { min_height: 21 }, [0, 1, 2]],
    ['formats', { formats: ['png', 'gif'] }, [0, 3]],
    ['a day, whole', { date_from: '2026-03-01', date_to: '2026-03-01' }, [1]],
    ['a moment', { date_from: '2026-03-02T00:00:00Z' }, [2]],
    ['until a moment', { date_from: '2026-02-01', date_to: '2026-03-01T23:30:00Z' }, [1]],
    ['a moment whose offset says nothing', { date_from: '2026-03-02T00:00+08:00' }, [2]],
    ['until the last day that there is', { date_from: '2026-03-02', date_to: '9999-12-31' }, [2]],
    ['all at once', { starred: true, categories: ['b'], formats: ['png'], min_width: 1 }, [0]],
  ];
  test.each(cases)('%s', async (_, filters, expected) => {
    const made = await ports(shapes);
    const { hits } = await search(made, ask([vision({ text: '1' })], { filters }));
    expect(numbers(hits)).toEqual(expected);
    expect(numbers(await searchRandom(made.index, { filters, skip: 0, count: 10 })).toSorted()).toEqual(
      expected,
    );
  });

  test('a score below min_score is left out, one equal to it is not', async () => {
    const made = await ports([
      imageAt(0, { vision: [1] }),
      imageAt(1, { vision: [3, 4] }),
      imageAt(2, { vision: [0, 1] }),
    ]);
    const { hits } = await search(made, ask([vision({ text: '1' })], { minScore: 0.6 }));
    expect(numbers(hits)).toEqual([0, 1]);
  });

  test('values are counted among what the filter leaves', async () => {
    const made = await ports(shapes);
    const request = ask([vision({ text: '1' })], {
      filters: { categories: ['b'] },
      facets: ['categories', 'starred', 'formats'],
    });
    const { facets } = await search(made, request);
    expect(facets.categories).toEqual([
      { value: 'b', count: 2 },
      { value: 'a', count: 1 },
    ]);
    expect(facets.starred).toHaveLength(2);
    expect(facets.formats?.map(({ value }) => value).toSorted()).toEqual(['jpeg', 'png']);
  });
});

describe('random', () => {
  test('every image comes first equally often, and every order is new without a seed', async () => {
    const made = await ports(Array.from({ length: 8 }, (_, n) => imageAt(n, { vision: [1] })));
    const first = new Map<string, number>();
    const rounds = 800;
    for (let seed = 0; seed < rounds; seed++) {
      const [hit] = await searchRandom(made.index, { filters: {}, skip: 0, count: 1, seed: String(seed) });
      first.set(hit?.id ?? '', (first.get(hit?.id ?? '') ?? 0) + 1);
    }
    const expected = rounds / 8;
    const chiSquared = [...first.values()].reduce((sum, n) => sum + (n - expected) ** 2 / expected, 0);
    expect(first.size).toBe(8);
    // 7 degrees of freedom: above 29.9 in one of 10,000
    expect(chiSquared).toBeLessThan(29.9);
  });

  test('a filter takes images out of the order and leaves the rest of it', async () => {
    const made = await ports(
      Array.from({ length: 30 }, (_, n) => imageAt(n, { vision: [1] }, { starred: n % 3 === 0 })),
    );
    const order = async (filters: SearchRequest['filters']) =>
      numbers(await searchRandom(made.index, { filters, skip: 0, count: 100, seed: '-5' }));
    const all = await order({});
    expect(await order({ starred: true })).toEqual(all.filter(n => n % 3 === 0));
  });

  test('pages of one seed fit together, scores between 0 and 1, falling', async () => {
    const made = await ports(crowd(25));
    const page = (skip: number) => searchRandom(made.index, { filters: {}, skip, count: 7, seed: '1' });
    const hits = (await Promise.all([0, 7, 14, 21, 28].map(page))).flat();
    expect(new Set(hits.map(({ id }) => id)).size).toBe(25);
    const scores = hits.map(({ score }) => score);
    expect(scores).toEqual(scores.toSorted((a, b) => b - a));
    expect(scores.every(score => score > 0 && score < 1)).toBe(true);
  });
});

test('images are not judged to fit badly in a language that the model does not know', async () => {
  const made = await ports(crowd(90));
  const text = { ...made.text, encodeText: async () => ({ vector: Float32Array.of(0, 0, -1, 0), parts: 1 }) };
  await measureFits({ ...made, text }, ['vision']);
  const found = (words: string) => search({ ...made, text }, ask([vision({ text: words })], { fit: true }));
  const english = await found('dog');
  expect(english.hits.every(({ fit }) => fit !== undefined && bandOf(fit) === 'none')).toBe(true);
  expect(english.notices).toEqual([{ code: 'nothing_fits' }]);
  const russian = await found('собака');
  expect(russian.hits.map(({ fit }) => fit)).toEqual(russian.hits.map(() => undefined));
  expect(russian.notices).toMatchObject([{ code: 'language_unknown', language: 'ru' }]);
});

test('a notice says in how many parts a text was searched for by what images show, but not by their words', async () => {
  const made = await ports(crowd(3));
  const text = { ...made.text, encodeText: async () => ({ vector: Float32Array.of(1, 0, 0, 0), parts: 3 }) };
  const both = { ...made, text, ocrText: text };
  const ofImages = vision({ text: 'long' }, { text: 'long', weight: 0.5 });
  const notices = [{ code: 'text_in_parts', parts: 3 }];
  expect((await search(both, ask([ofImages]))).notices).toEqual(notices);
  expect((await search(both, ask([{ ...ofImages, basis: 'ocr' }]))).notices).toEqual([]);
});
