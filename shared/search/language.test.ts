import { expect, test } from 'vitest';
import { unknownLanguage } from './language.ts';
import { sentenceOf } from './notices.ts';

const english = { name: 'clip', languages: ['en'] };
const polyglot = { name: 'siglip2', languages: ['*'] };

test.each([
  ['狗', 'Chinese'],
  ['いぬ', 'Japanese'],
  ['犬がいる', 'Japanese'],
  ['개', 'Korean'],
  ['собака', 'Russian'],
  ['كلب', 'Arabic'],
  ['ძაღლი', 'Georgian'],
  ['நாய்', 'Tamil'],
  ['ᏗᏟᏯ', 'this script'],
  ['dog 狗', 'Chinese'],
])('%s is %s, which the model does not know, and the one that does is named', (text, language) => {
  const found = unknownLanguage([text], english, [english, polyglot]);
  const notice = found && sentenceOf(found);
  expect(notice).toContain(language);
  expect(notice).toContain('siglip2');
});

test.each(['dog', 'Hündchen', '🐕', '42', ''])('%s gives no language away', text => {
  expect(unknownLanguage([text], english, [polyglot])).toBeNull();
});

test('a model that knows the language, or most, has nothing to say', () => {
  expect(unknownLanguage(['狗'], { name: 'demo', languages: ['en', 'zh'] }, [])).toBeNull();
  expect(unknownLanguage(['คน'], polyglot, [])).toBeNull();
});

test('where no model is better, none is named', () => {
  const found = unknownLanguage(['狗'], english, [english]);
  expect(found?.language).toBe('zh');
  expect(found && sentenceOf(found)).not.toContain('SEMBLANCE_MODEL');
});
