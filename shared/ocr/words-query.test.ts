import { expect, test } from 'vitest';
import { parseWordsQuery } from './words-query.ts';

test('quotes are exact, minus is without, the rest ranks', () => {
  expect(parseWordsQuery('"新年" sale -draft')).toEqual({
    ranking: '新年 sale',
    exact: ['新年'],
    without: ['draft'],
  });
});

test('a quoted phrase can be excluded', () => {
  expect(parseWordsQuery('menu -"sold out"')).toEqual({ ranking: 'menu', exact: [], without: ['sold out'] });
});

test('typographic and Chinese quotes count', () => {
  expect(parseWordsQuery('“happy new year” 「快乐」 －草稿')).toEqual({
    ranking: 'happy new year 快乐',
    exact: ['happy new year', '快乐'],
    without: ['草稿'],
  });
});

test('an unclosed quote reaches to the end', () => {
  expect(parseWordsQuery('"no parking')).toEqual({
    ranking: 'no parking',
    exact: ['no parking'],
    without: [],
  });
});

test('a minus inside a word is part of it, and a lone one a word', () => {
  expect(parseWordsQuery('t-shirt - x').ranking).toBe('t-shirt - x');
});

test('nothing gives nothing', () => {
  expect(parseWordsQuery('  "" ')).toEqual({ ranking: '', exact: [], without: [] });
});
