import { expect, test } from 'vitest';
import { parseWordsQuery } from './words-query.ts';

const whole = (text: string) => ({ text, openStart: false, openEnd: false });

test('quotes are exact, minus is without, the rest ranks', () => {
  expect(parseWordsQuery('"新年" sale -draft')).toEqual({
    ranking: '新年 sale',
    exact: [whole('新年')],
    without: [whole('draft')],
  });
});

test('a quoted phrase can be excluded', () => {
  expect(parseWordsQuery('menu -"sold out"')).toEqual({
    ranking: 'menu',
    exact: [],
    without: [whole('sold out')],
  });
});

test('typographic and Chinese quotes count', () => {
  expect(parseWordsQuery('“happy new year” 「快乐」 －草稿')).toEqual({
    ranking: 'happy new year 快乐',
    exact: ['happy new year', '快乐'].map(whole),
    without: [whole('草稿')],
  });
});

test('an unclosed quote reaches to the end', () => {
  expect(parseWordsQuery('"no parking')).toEqual({
    ranking: 'no parking',
    exact: [whole('no parking')],
    without: [],
  });
});

test('a minus inside a word is part of it, and a lone one a word', () => {
  expect(parseWordsQuery('t-shirt - x').ranking).toBe('t-shirt - x');
});

test('stars open a sequence on the side where they stand', () => {
  expect(parseWordsQuery('*tation* -draft* "*o park*" *Straße')).toEqual({
    ranking: 'tation o park Straße',
    exact: [
      { text: 'tation', openStart: true, openEnd: true },
      { text: 'o park', openStart: true, openEnd: true },
      { text: 'Straße', openStart: true, openEnd: false },
    ],
    without: [{ text: 'draft', openStart: false, openEnd: true }],
  });
});

test('a star within a word is part of it, and a lone one asks for nothing exactly', () => {
  expect(parseWordsQuery('5*4 * "**"')).toEqual({ ranking: '5*4 *', exact: [], without: [] });
});

test('nothing gives nothing', () => {
  expect(parseWordsQuery('  "" ')).toEqual({ ranking: '', exact: [], without: [] });
});
