import { expect, test } from 'vitest';
import { languageNotice } from './language.ts';

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
  const notice = languageNotice([text], english, [english, polyglot]);
  expect(notice).toContain(language);
  expect(notice).toContain('siglip2');
});

test.each(['dog', 'Hündchen', '🐕', '42', ''])('%s gives no language away', text => {
  expect(languageNotice([text], english, [polyglot])).toBeNull();
});

test('a model that knows the language, or most, has nothing to say', () => {
  expect(languageNotice(['狗'], { name: 'demo', languages: ['en', 'zh'] }, [])).toBeNull();
  expect(languageNotice(['คน'], polyglot, [])).toBeNull();
});

test('where no model is better, none is named', () => {
  expect(languageNotice(['狗'], english, [english])).not.toContain('SEMBLANCE_MODEL');
});
