import { describe, expect } from 'vitest';
import { foundSchema, type Suite } from '../suite-helpers.ts';

export function textCases(suite: Suite): void {
  const { check, call, found, idsOf, idOf, detailOf, belowApi } = suite;
  describe('search by text', () => {
    check('GET /search/text/{prompt}', 'the right group comes first', async () => {
      const ids = await idsOf('GET', '/search/text/cat', { query: { count: 2 } });
      expect(new Set(ids)).toEqual(new Set([idOf('cat'), idOf('cat-2')]));
      expect((await idsOf('GET', '/search/text/pizza'))[0]).toBe(idOf('pizza'));
    });
    check('GET /search/text/{prompt}', 'a plus in the path is a plus', async () => {
      const [plus] = await found('GET', '/search/text/cat+dog');
      const [encoded] = await found('GET', '/search/text/cat%2Bdog');
      expect(plus?.score).toBe(encoded?.score);
    });
    check('GET /search/text/{prompt}', 'scores never rise', async () => {
      const scores = (await found('GET', '/search/text/dog')).map(({ score }) => score);
      expect(scores).toEqual(scores.toSorted((a, b) => b - a));
    });
    check('GET /search/text/{prompt}', 'pages fit together', async () => {
      const all = await idsOf('GET', '/search/text/animal', { query: { count: 100 } });
      const pages: string[] = [];
      for (let skip = 0; skip < all.length + 3; skip += 3)
        pages.push(...(await idsOf('GET', '/search/text/animal', { query: { count: 3, skip } })));
      expect(pages).toEqual(all);
    });
    check('GET /search/text/{prompt}', 'past the end there is nothing', async () => {
      expect(await idsOf('GET', '/search/text/cat', { query: { skip: 9_900 } })).toEqual([]);
    });
    for (const [what, prompt] of [
      ['a slash', 'black/white'],
      ['an encoded slash', 'black%2Fwhite'],
      ['two slashes', 'a//b/'],
      ['NUL', 'cat%00dog'],
      ['a lone surrogate', '%ED%A0%80'],
      ['a broken encoding', 'a%zzb%FF'],
      ['right-to-left text', encodeURIComponent('قطة ‏كلب')],
      ['only emoji', encodeURIComponent('🐈‍⬛🐈')],
      ['Chinese', encodeURIComponent('猫')],
      ['512 code points', encodeURIComponent('🐈'.repeat(512))],
    ] as const) {
      check('GET /search/text/{prompt}', `takes ${what}`, async () => {
        expect((await call('GET', `/search/text/${prompt}`)).status).toBe(200);
      });
    }
    check('GET /search/text/{prompt}', '513 and 10,000 characters are too long', async () => {
      for (const length of [513, 10_000]) {
        const response = await call('GET', `/search/text/${'x'.repeat(length)}`);
        expect(response.status).toBe(422);
        expect(detailOf(response)).toMatchObject([
          { type: 'string_too_long', loc: ['path', 'prompt'], ctx: { max_length: 512 } },
        ]);
      }
    });
    check('GET /search/text/{prompt}', 'an empty prompt is no route', async () => {
      expect((await call('GET', '/search/text/')).status).toBe(404);
      expect((await call('GET', '/search/text')).status).toBe(404);
    });
    check('GET /search/text/{prompt}', 'only spaces are rejected in words', async () => {
      const response = await call('GET', '/search/text/%20%20');
      expect(response.status).toBe(422);
      expect(detailOf(response)).toBeTypeOf('string');
    });
    check('GET /search/text/{prompt}', 'names every bad value at once', async () => {
      const response = await call('GET', '/search/text/cat', {
        query: {
          count: 101,
          skip: -1,
          basis: 'taste',
          min_width: '5.5',
          starred: '',
          ratio_tolerance: 1,
          preferred_ratio: 0,
        },
      });
      expect(response.status).toBe(422);
      expect(detailOf(response)).toEqual(
        expect.arrayContaining([
          expect.objectContaining({
            type: 'less_than_equal',
            loc: ['query', 'count'],
            input: '101',
            ctx: { le: 100 },
          }),
          expect.objectContaining({ type: 'greater_than_equal', loc: ['query', 'skip'] }),
          expect.objectContaining({ type: 'enum', loc: ['query', 'basis'] }),
          expect.objectContaining({ type: 'int_parsing', loc: ['query', 'min_width'] }),
          expect.objectContaining({ type: 'bool_parsing', loc: ['query', 'starred'] }),
          expect.objectContaining({ type: 'less_than', loc: ['query', 'ratio_tolerance'] }),
          expect.objectContaining({ type: 'greater_than', loc: ['query', 'preferred_ratio'] }),
        ]),
      );
    });
    check('GET /search/text/{prompt}', 'numbers and truths are read as pydantic does', async () => {
      const url = '/search/text/cat?count=1&count=5.0&starred=YES&unknown=1';
      expect(await idsOf('GET', url)).toEqual([idOf('car')]);
      for (const no of ['off', 'F', '0', 'n'])
        expect(await idsOf('GET', '/search/text/cat', { query: { starred: no } })).not.toContain(idOf('car'));
    });
    check('GET /search/text/{prompt}', 'there is no page beyond 10,000', async () => {
      const response = await call('GET', '/search/text/cat', { query: { skip: 9_991, count: 10 } });
      expect(response.status).toBe(422);
      expect(detailOf(response)).toBeTypeOf('string');
      expect((await call('GET', '/search/text/cat', { query: { skip: '9'.repeat(400) } })).status).toBe(422);
    });
    check('GET /search/text/{prompt}', 'by the words in images, or 400 while they are not read', async () => {
      const response = await call('GET', '/search/text/happy%20new%20year', { query: { basis: 'ocr' } });
      expect(response.status).toBe(suite.hasWords() ? 200 : 400);
      if (!suite.hasWords()) return expect(detailOf(response)).toBeTypeOf('string');
      expect(foundSchema.parse(response.json).result.map(({ img }) => img.id)).toEqual([idOf('words')]);
      const exact = (prompt: string) =>
        idsOf('GET', `/search/text/${prompt}`, { query: { basis: 'ocr', exact: true } });
      expect(await exact('NEW%20year')).toEqual([idOf('words')]);
      expect(await exact('year%20new')).toEqual([]);
    });
    check('GET /search/text/{prompt}', 'responds under /api too', async () => {
      expect((await idsOf('GET', belowApi('/search/text/pizza')))[0]).toBe(idOf('pizza'));
    });
    check('GET /search/text/{prompt}', 'says how long it took and which request it was', async () => {
      const { headers } = await call('GET', '/search/text/pizza');
      expect(headers.get('Server-Timing')).toMatch(/embed;dur=.*index;dur=.*total;dur=/);
      expect(headers.get('X-Request-Id')).toMatch(/\w/);
    });
  });
}
