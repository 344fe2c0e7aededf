import fc from 'fast-check';
import { expect, test } from 'vitest';
import { phraseOf, tokenize } from './tokens.ts';

test('letters make whole words, Chinese, Japanese and Korean single characters', () => {
  expect(phraseOf('Happy New Year 2026! 新年快乐')).toBe('happy new year 2026 新 年 快 乐');
  expect(phraseOf('カフェOPEN営業中')).toBe('カ フ ェ open 営 业 中');
  expect(phraseOf('コーヒー。牛乳')).toBe('コ ー ヒ ー 牛 乳');
  expect(phraseOf('한국 café')).toBe('한 국 café');
});

test('full-width letters and ligatures are folded', () => {
  expect(phraseOf('ＳＡＬＥ ５０％ ﬁsh')).toBe('sale 50 fish');
});

test('traditional and simplified Chinese are the same words', () => {
  expect(phraseOf('新年快樂，會議在二樓')).toBe(phraseOf('新年快乐，会议在二楼'));
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
