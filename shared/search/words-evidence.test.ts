import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { queryTerms, termId } from '../ocr/bm25.ts';
import { phraseOf } from '../ocr/tokens.ts';
import { askedTerms, askWords, evidenceIn } from './words-evidence.ts';

/** Of words that weigh the same by default. */
const found = (search: string, text: string, idf: (term: string) => number | undefined = () => 1) =>
  evidenceIn(askWords(search, idf), phraseOf(text));

describe('how much of a search a text has', () => {
  test.each([
    ['no parking', 'NO PARKING day and night', 1],
    ['no parking', 'no smoking', 0.5],
    ['新年快乐', '祝大家新年快樂', 1],
    ['新年快乐', '新年好', 1 / 3],
    ['猫', '猫咪', 1],
    ['cat', 'catalogue', 0],
    ['Straße 12', 'STRASSE 12', 1],
    ['!?', 'anything', 0],
  ])('%s in %s', (search, text, share) => {
    expect(found(search, text).covered).toBeCloseTo(share, 6);
  });

  test('is weighed by how rare each word is', () => {
    const idf = (term: string) => (term === 'the' ? 0.1 : 3.9);
    expect(found('the lighthouse', 'the end', idf).covered).toBeCloseTo(0.025, 6);
    expect(found('the lighthouse', 'lighthouse road', idf).covered).toBeCloseTo(0.975, 6);
  });

  test('a word that no image has weighs more than the rarest that some have', () => {
    const covered = found('rare unheard', 'rare', term => (term === 'rare' ? 2 : undefined)).covered;
    expect(covered).toBeCloseTo(2 / (4 + Math.log(3)), 6);
  });

  test('words that are neighbours as in the search differ from those that lie apart', () => {
    expect(found('fresh paint', 'careful, fresh paint').together).toBe(1);
    expect(found('fresh paint', 'paint is sold fresh').together).toBe(0);
  });
});

describe('what OCR misread', () => {
  test.each([
    ['pharmacy', 'Pharrnacy'],
    ['wifi', 'W1F1'],
    ['conference', 'C0nference'],
    ['pancakes', 'pancakcs'],
    ['严禁烟火', '严禁烟人'],
  ])('%s counts a little less where %s stands', (search, text) => {
    const { covered } = found(search, text);
    expect(covered).toBeGreaterThan(0.8);
    expect(covered).toBeLessThan(1);
  });

  test.each([
    ['cat', 'cut'],
    ['2019', '2018'],
    ['form', 'from'],
    ['banana', 'cabana'],
    ['请洗手', '请挥手'],
    ['新年快乐', '新春快餐'],
  ])('%s is not %s', (search, text) => {
    expect(found(search, text).covered).toBeLessThan(0.5);
  });
});

test('a text has all of any search that it contains, and never more', () => {
  const word = fc.constantFrom('cat', 'Müller', '新', '年', '快乐', '2026', 'é', 'ガ', 'open');
  fc.assert(
    fc.property(fc.array(word, { minLength: 1 }), fc.array(word), fc.array(word), (search, before, after) => {
      const text = [...before, ...search, ...after].join(' ');
      expect(found(search.join(' '), text)).toEqual({ covered: 1, together: 1 });
    }),
  );
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (search, text) => {
      const { covered, together } = found(search, text);
      expect(covered).toBeGreaterThanOrEqual(0);
      expect(covered).toBeLessThanOrEqual(1 + 1e-9);
      expect(together).toBeLessThanOrEqual(1);
    }),
  );
});

test('its terms are those that BM25 asks for', () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom('a', 'b', ' ', '新', '年', '。', 'é') }), text => {
      const ids = askedTerms(text).map(term => termId(term.text.replace(' ', '')));
      expect([...new Set(ids)].sort((a, b) => a - b)).toEqual([...queryTerms(text).indices]);
    }),
  );
});
