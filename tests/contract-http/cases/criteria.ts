import { randomUUID } from 'node:crypto';
import { describe, expect } from 'vitest';
import { foundSchema, type Suite } from '../suite-helpers.ts';

export function criteriaCases(suite: Suite): void {
  const { check, call, found, idsOf, idOf, detailOf } = suite;
  describe('several criteria', () => {
    const both = { criteria: ['cat', 'animal'], negative_criteria: ['dog', 'car'] };
    for (const mode of ['average', 'best'])
      check('POST /search/advanced', `two wanted and two unwanted, ${mode}`, async () => {
        const ids = await idsOf('POST', '/search/advanced', {
          json: { ...both, mode },
          query: { count: 2 },
        });
        expect(new Set(ids)).toEqual(new Set([idOf('cat'), idOf('cat-2')]));
      });
    check('POST /search/advanced', 'one wanted alone is a plain search, whatever the mode', async () => {
      const plain = await found('GET', '/search/text/rocket');
      for (const mode of ['average', 'best']) {
        const advanced = await found('POST', '/search/advanced', { json: { criteria: ['rocket'], mode } });
        expect(advanced.map(({ img, score }) => [img.id, score])).toEqual(
          plain.map(({ img, score }) => [img.id, score]),
        );
      }
    });
    check('POST /search/advanced', 'images as criteria, with weights', async () => {
      const json = { positive: [{ value: `id:${idOf('cat')}`, weight: 2 }, { value: 'cat' }] };
      const ids = await idsOf('POST', '/search/advanced', { json });
      expect(ids[0]).toBe(idOf('cat-2'));
      expect(
        (await call('POST', '/search/advanced', { json: { positive: [{ value: `id:${randomUUID()}` }] } }))
          .status,
      ).toBe(404);
    });
    for (const [what, json, type, loc] of [
      ['no criteria', { criteria: [] }, 'too_short', ['body', 'criteria']],
      ['criteria left out', {}, 'missing', ['body', 'criteria']],
      ['17 criteria', { criteria: Array(17).fill('x') }, 'too_long', ['body', 'criteria']],
      ['a null mode', { criteria: ['x'], mode: null }, 'enum', ['body', 'mode']],
      ['criteria that are no list', { criteria: 'cat' }, 'list_type', ['body', 'criteria']],
      ['a criterion that is no text', { criteria: [7] }, 'string_type', ['body', 'criteria', 0]],
      ['a list for an object', [], 'model_attributes_type', ['body']],
    ] as const) {
      check('POST /search/advanced', `${what}: 422`, async () => {
        const response = await call('POST', '/search/advanced', { json });
        expect(response.status).toBe(422);
        expect(detailOf(response)).toEqual(
          expect.arrayContaining([expect.objectContaining({ type, loc: [...loc] })]),
        );
      });
    }
    check('POST /search/advanced', 'malformed JSON, another type, no body: 422', async () => {
      const send = (body: string | undefined, type: string) =>
        call('POST', '/search/advanced', {
          ...(body === undefined ? {} : { body }),
          headers: { 'Content-Type': type },
        });
      const malformed = await send('{"criteria": ["cat"', 'application/json');
      expect(malformed.status).toBe(422);
      expect(detailOf(malformed)).toMatchObject([{ type: 'json_invalid' }]);
      expect((await send('{"criteria": ["cat"]}', 'text/plain')).status).toBe(422);
      expect((await send(undefined, 'application/json')).status).toBe(422);
    });
    check('POST /search/advanced', 'criteria of any length', async () => {
      expect(
        await found('POST', '/search/advanced', { json: { criteria: ['a cat '.repeat(5_000)] } }),
      ).not.toEqual([]);
    });
    check('POST /search/combined', 'the words bring their image up, or 400', async () => {
      const json = { criteria: ['cat'], extra_prompt: 'happy new year' };
      for (const query of [{ basis: 'vision' }, { basis: 'ocr' }]) {
        const response = await call('POST', '/search/combined', {
          query,
          json:
            query.basis === 'vision' ? json : { criteria: ['happy new year'], extra_prompt: 'a white board' },
        });
        expect(response.status).toBe(suite.hasWords() ? 200 : 400);
        if (suite.hasWords())
          expect(
            foundSchema
              .parse(response.json)
              .result.slice(0, 3)
              .map(({ img }) => img.id),
          ).toContain(idOf('words'));
      }
    });
    check('POST /search/combined', 'extra_prompt is required, at most 512', async () => {
      for (const extra of [{}, { extra_prompt: 'x'.repeat(513) }])
        expect(
          (await call('POST', '/search/combined', { json: { criteria: ['cat'], ...extra } })).status,
        ).toBe(422);
    });
    check('POST /search/hybrid', 'fused, pages fit together, or 400', async () => {
      const json = { vision: { criteria: ['cat'] }, ocr: { criteria: ['new year'] } };
      const response = await call('POST', '/search/hybrid', { json, query: { count: 100 } });
      expect(response.status).toBe(suite.hasWords() ? 200 : 400);
      if (!suite.hasWords()) return;
      const all = foundSchema.parse(response.json).result.map(({ img }) => img.id);
      expect(all.slice(0, 2)).toContain(idOf('words'));
      const pages = await Promise.all(
        [0, 2, 4, 6].map(skip => idsOf('POST', '/search/hybrid', { json, query: { count: 2, skip } })),
      );
      expect(pages.flat()).toEqual(all);
    });
    check('POST /search/hybrid', 'both parts are required', async () => {
      expect((await call('POST', '/search/hybrid', { json: { vision: { criteria: ['cat'] } } })).status).toBe(
        422,
      );
    });
  });
}
