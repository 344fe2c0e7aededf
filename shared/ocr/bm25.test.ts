import fc from 'fast-check';
import { expect, test } from 'vitest';
import { documentTerms, murmur3, queryTerms, termId } from './bm25.ts';

const utf8 = (text: string) => new TextEncoder().encode(text);

const score = (query: string, document: string) => {
  const d = documentTerms(document);
  return queryTerms(query).indices.reduce((sum, id) => sum + (d.values[d.indices.indexOf(id)] ?? 0), 0);
};

test('murmur3 gives the published check values', () => {
  expect(murmur3(utf8(''))).toBe(0);
  expect(murmur3(utf8('test'))).toBe(0xba6bd213);
  expect(murmur3(utf8('Hello, world!'))).toBe(0xc0363e43);
  expect(murmur3(utf8('The quick brown fox jumps over the lazy dog'))).toBe(0x2e4ff723);
});

test('a single Chinese character finds the words that contain it', () => {
  expect(score('猫', '猫咪')).toBeGreaterThan(0);
  expect(score('狗', '猫咪')).toBe(0);
});

test('a run of Chinese is recognised by its bigrams, not by loose characters', () => {
  expect(score('新年', '新年快乐')).toBeGreaterThan(0);
  expect(score('新年', '年新')).toBe(0);
});

test('a word that stands alone in a short text counts more than in a long one', () => {
  expect(score('sale', 'sale')).toBeGreaterThan(score('sale', `sale ${'more and more words '.repeat(20)}`));
});

/** n(k1+1)/(n + k1(1−b+b·length/average)), k1 = 1.2, b = 0.75, average = 24. */
const weight = (n: number, length: number) => (n * 2.2) / (n + 1.2 * (0.25 + (0.75 * length) / 24));

test.each([
  ['sale', 'sale', 1, 1],
  ['sale', 'sale sale', 2, 2],
  ['sale', `sale ${'x '.repeat(47)}`, 1, 48],
  ['新年', '新年快乐', 1, 3],
  ['新', '新年快乐', 1, 3],
  ['茶', '茶', 1, 1],
  ['sale', '新年快乐 sale', 1, 4],
])('%s in %s weighs as BM25 has it, by words and pairs of characters', (term, text, n, length) => {
  const { indices, values } = documentTerms(text);
  expect(values[indices.indexOf(termId(term))]).toBeCloseTo(weight(n, length), 6);
});

test('sparse vectors have distinct ascending dimensions and positive weights', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), text => {
      for (const { indices, values } of [documentTerms(text), queryTerms(text)]) {
        expect(indices).toEqual([...new Set(indices)].sort((a, b) => a - b));
        expect(values).toHaveLength(indices.length);
        expect(values.every(value => value > 0)).toBe(true);
        expect(indices.every(id => id >= 0 && id <= 2 ** 31)).toBe(true);
      }
    }),
  );
});

test('every term of a query that a document contains word for word is found in it', () => {
  fc.assert(
    fc.property(
      fc.array(fc.constantFrom('cat', '新', '年', '快乐', '2026', 'é'), { minLength: 1 }),
      words => {
        const ids = new Set(documentTerms(words.join(' ')).indices);
        expect(words.every(word => queryTerms(word).indices.every(id => ids.has(id)))).toBe(true);
      },
    ),
  );
});

test('a term id is never negative', () => {
  expect(termId('test')).toBe(Math.abs(0xba6bd213 | 0));
});
