import fc from 'fast-check';
import { expect, test } from 'vitest';
import { phraseOf, tokenize } from './tokens.ts';

test('letters make whole words, Chinese, Japanese and Korean single characters', () => {
  expect(phraseOf('Happy New Year 2026! 新年快乐')).toBe('happy new year 2026 新 年 快 乐');
  expect(phraseOf('カフェOPEN営業中')).toBe('カ フ ェ open 営 业 中');
  expect(phraseOf('コーヒー。牛乳')).toBe('コ ー ヒ ー 牛 乳');
  expect(phraseOf('한국 café')).toBe('한 국 cafe');
});

test('full-width letters and ligatures are folded', () => {
  expect(phraseOf('ＳＡＬＥ ５０％ ﬁsh')).toBe('sale 50 fish');
});

test('traditional and simplified Chinese are the same words', () => {
  expect(phraseOf('新年快樂，會議在二樓')).toBe(phraseOf('新年快乐，会议在二楼'));
});

test.each([
  ['Müller', 'MULLER', 'müller', 'mu\u0308ller', 'Ｍüller'],
  ['Straße', 'STRASSE', 'STRAẞE'],
  ['Café', 'cafe', 'CAFÉ'],
  ['œuvre', 'OEUVRE', 'ŒUVRE'],
  ['Łódź', 'lodz'],
  ['smørrebrød', 'SMORREBROD'],
  ['İstanbul', 'istanbul', 'ISTANBUL', 'ıstanbul'],
  ['ΟΔΟΣ', 'οδός'],
  ['Ångström', 'angstrom', '\u212bngstrom'],
  ['ﬁsh', 'FISH'],
  ['ｶﾌｪｶﾞｰﾙ', 'カフェガール'],
  ['か\u3099', 'が'],
  ['神社', '\ufa19社'],
])('%s is found however it is written', (...forms) => {
  expect(new Set(forms.map(phraseOf)).size).toBe(1);
});

test('letters that differ by more than an accent stay apart', () => {
  expect(phraseOf('が')).not.toBe(phraseOf('か'));
  expect(phraseOf('ぱ')).not.toBe(phraseOf('ば'));
  expect(phraseOf('カ')).not.toBe(phraseOf('か'));
});

test('a traditional character with several simplified forms takes the likeliest', () => {
  expect(phraseOf('乾淨')).toBe('干 净');
  expect(phraseOf('餅乾')).toBe(phraseOf('饼干'));
});

test('no words, no tokens', () => {
  expect(phraseOf('')).toBe('');
  expect(phraseOf('🎉 — !?')).toBe('');
});

test('offsets point at the token in the text as it stands', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), text => {
      for (const token of tokenize(text)) {
        expect(tokenize(text.slice(token.start, token.end)).map(again => again.text)).toEqual([token.text]);
      }
    }),
  );
});
