import { describe, expect, it } from 'vitest';
import { allRoutes } from '../../../functions/search/route-table.ts';
import { ERRORS } from '../../../shared/errors.ts';
import { messages as de } from './messages/de.ts';
import { en } from './messages/en.ts';
import { messages as es } from './messages/es.ts';
import { messages as fr } from './messages/fr.ts';
import { messages as ja } from './messages/ja.ts';
import { messages as zh } from './messages/zh.ts';

/** Words that are the same in any language, or that a language does without. */
const MAY_BE_SAME: Readonly<Record<string, readonly string[]>> = {
  zh: [],
  de: [],
  // The same words in both languages.
  fr: ['imageCount', 'placeImages', 'placeAlbums', 'image', 'untitled', 'rate', 'passedOverKinds.documents'],
  es: [],
  ja: [],
};
const MAY_BE_EMPTY = ['demoStandsIn'];

/** Every message by its path, `orders.taken`; functions called with numbers that name themselves. */
function flat(messages: object, before = ''): Map<string, string> {
  return new Map(
    Object.entries(messages).flatMap(([name, value]) => {
      const path = `${before}${name}`;
      if (path === 'errors') return [];
      if (typeof value === 'function') return [[path, String(value(2, 3, 4))] as const];
      if (typeof value === 'string') return [[path, value] as const];
      return [...flat(value, `${path}.`)];
    }),
  );
}

/** Codes that the page can meet: those of the routes, and what keeps images from being indexed. */
const codes = new Set([
  ...allRoutes.flatMap(({ errors }) => errors),
  ...Object.keys(ERRORS).filter(code => /^(image|ocr|not_an|name|folder)_/.test(code)),
]);

const LANGUAGES = [
  ['zh', zh],
  ['de', de],
  ['fr', fr],
  ['es', es],
  ['ja', ja],
] as const;

describe.each(LANGUAGES)('the messages in %s', (language, messages) => {
  const english = flat(en);
  const translated = flat(messages);

  it('are those that English has', () => {
    expect([...translated.keys()].sort()).toEqual([...english.keys()].sort());
  });

  it('are translated, each of them', () => {
    const same = [...translated].filter(
      ([path, text]) => /[a-z]{3}/i.test(text) && english.get(path) === text,
    );
    expect(same.map(([path]) => path)).toEqual(MAY_BE_SAME[language]);
    const empty = [...translated].filter(([path, text]) => text === '' && !MAY_BE_EMPTY.includes(path));
    expect(empty).toEqual([]);
  });

  it('word each error that the server sends by its code', () => {
    expect([...codes].filter(code => !messages.errors[code])).toEqual([]);
  });
});
