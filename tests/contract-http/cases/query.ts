import { randomUUID } from 'node:crypto';
import sharp from 'sharp';
import { describe, expect } from 'vitest';
import { z } from 'zod';
import type { CallOptions } from '../documented-api.ts';
import { drawImage } from '../drawn-images.ts';
import { foundSchema, type Suite } from '../suite-helpers.ts';

export function queryCases(suite: Suite): void {
  const { check, call, idOf } = suite;
  describe('our own search', () => {
    const query = (json: unknown, more: CallOptions = {}) => call('POST', '/search/query', { json, ...more });
    const querySchema = z.looseObject({
      ...foundSchema.shape,
      facets: z.record(z.string(), z.array(z.object({ value: z.unknown(), count: z.number() }))),
      notice: z.string().nullable(),
    });
    check('POST /search/query', 'texts, an id and a file together, with reasons and facets', async () => {
      const form = new FormData();
      form.append(
        'query',
        JSON.stringify({
          criteria: [
            { text: 'cat' },
            { id: idOf('cat'), weight: 0.5 },
            { file: 0 },
            { text: 'car', weight: -1 },
          ],
          explain: true,
          facets: ['categories', 'formats', 'starred'],
        }),
      );
      form.append('file', new Blob([await drawImage({ emoji: 'cat-face', ground: '#cceecc' })]), 'cat.jpg');
      const response = await call('POST', '/search/query', { form });
      expect(response.status, JSON.stringify(response.json)).toBe(200);
      const { result, facets } = querySchema.parse(response.json);
      expect(result[0]?.img.id).toBe(idOf('cat-2'));
      const explain = z
        .object({ criteria: z.array(z.object({ share: z.number() })) })
        .parse(result[0]?.['explain']);
      const sum = explain.criteria.reduce((total, { share }) => total + share, 0);
      expect(sum).toBeCloseTo(result[0]?.score ?? 0, 4);
      expect(facets['categories']).toContainEqual({ value: 'pets', count: 2 });
      expect(facets['starred']).toContainEqual({ value: true, count: 1 });
    });
    check('POST /search/query', 'filters, min_score and dates', async () => {
      const text = [{ text: 'pizza' }];
      const ids = async (filter: unknown) =>
        querySchema
          .parse((await query({ criteria: text, filter, count: 100 })).json)
          .result.map(({ img }) => img.id);
      expect(await ids({ formats: ['png'] })).toContain(idOf('pizza'));
      expect(await ids({ formats: 'webp' })).toEqual([idOf('rocket')]);
      expect(await ids({ categories: ['pets'] })).toHaveLength(2);
      expect(await ids({ date_from: '2999-01-01' })).toEqual([]);
      expect(await ids({ date_to: new Date(Date.now() + 86_400_000).toISOString().slice(0, 10) })).toContain(
        idOf('pizza'),
      );
      const [best] = querySchema.parse((await query({ criteria: text })).json).result;
      expect(await ids({ min_score: best?.score })).toEqual([idOf('pizza')]);
    });
    check('POST /search/query', 'how well each image fits, and only those that do', async () => {
      const fitSchema = z.object({
        strong: z.number(),
        result: z.array(
          z.object({ fit: z.number().min(0).max(1), band: z.enum(['strong', 'weak', 'none']) }),
        ),
      });
      const criteria = [{ text: 'pizza' }];
      // No search waits for the measurement behind it: the first ones of a server come without.
      await expect.poll(async () => fitSchema.safeParse((await query({ criteria })).json).success).toBe(true);
      const { strong, result } = fitSchema.parse((await query({ criteria })).json);
      expect(strong).toBe(result.filter(({ band }) => band === 'strong').length);
      expect(result.length).toBeGreaterThan(1);
      const least = result[0]?.fit ?? 1;
      const narrowed = fitSchema.parse((await query({ criteria, filter: { min_fit: least } })).json);
      expect(narrowed.result[0]?.fit).toBeCloseTo(least, 5);
      expect(narrowed.result.length).toBeLessThan(result.length);
      for (const min_fit of [-0.1, 1.1])
        expect((await query({ criteria, filter: { min_fit } })).status).toBe(422);
    });
    check(
      'POST /search/query',
      'emoji by their names, in either language, and texts of any length',
      async () => {
        const best = async (text: string) => {
          const { result, notice } = querySchema.parse((await query({ criteria: [{ text }] })).json);
          return { id: result[0]?.img.id, notice };
        };
        expect((await best('🍕')).id).toBe(idOf('pizza'));
        expect((await best('一块🍕')).id).toBe(idOf('pizza'));
        const long = await best('A pizza with cheese lies on a plate. '.repeat(12));
        expect(long.id).toBe(idOf('pizza'));
        expect(long.notice).toContain('parts');
      },
    );
    check('POST /search/query', 'only unlike', async () => {
      const { result } = querySchema.parse(
        (await query({ criteria: [{ text: 'cat', weight: -1 }], count: 100 })).json,
      );
      expect(new Set(result.slice(-2).map(({ img }) => img.id))).toEqual(
        new Set([idOf('cat'), idOf('cat-2')]),
      );
    });
    check('POST /search/query', 'like one and unlike several, by their weights', async () => {
      const first = async (...unlike: readonly (readonly [text: string, weight: number])[]) => {
        const criteria = [
          { text: 'cat' },
          { text: 'pizza', weight: 0.9 },
          ...unlike.map(([text, weight]) => ({ text, weight })),
        ];
        return querySchema.parse((await query({ criteria })).json).result[0]?.img.id;
      };
      expect(await first(['cat', -1], ['dog', -0.5], ['rocket', -0.5])).toBe(idOf('pizza'));
      expect([idOf('cat'), idOf('cat-2')]).toContain(await first(['pizza', -1], ['dog', -0.5]));
    });
    check('POST /search/query', 'in a script that the model never learned, and says so', async () => {
      const noticeOf = async (text: string) =>
        querySchema.parse((await query({ criteria: [{ text }] })).json).notice;
      expect(await noticeOf('собака')).toContain('Russian');
      expect(await noticeOf('ᏗᏟᏯ')).toContain('this script');
    });
    check('POST /search/query', 'by a part of an image, stored or sent', async () => {
      const [cat, pizza] = await Promise.all([
        drawImage({ emoji: 'cat-face', width: 200, height: 200, format: 'png' }),
        drawImage({ emoji: 'pizza', width: 200, height: 200, format: 'png' }),
      ]);
      const both = await sharp({ create: { width: 400, height: 200, channels: 3, background: '#fff' } })
        .composite([
          { input: Buffer.from(cat), left: 0, top: 0 },
          { input: Buffer.from(pizza), left: 200, top: 0 },
        ])
        .png()
        .toBuffer();
      await suite.add('both', new Uint8Array(both));
      await suite.indexed();
      for (const [x, expected] of [
        [0, 'cat'],
        [0.5, 'pizza'],
      ] as const) {
        const region = { x, y: 0, width: 0.5, height: 1 };
        const stored = await query({ criteria: [{ id: idOf('both'), region }] });
        const ids = querySchema.parse(stored.json).result.map(({ img }) => img.id);
        expect(ids[0]).toBe(idOf(expected));
        expect(ids).not.toContain(idOf('both'));
        const form = new FormData();
        form.append('query', JSON.stringify({ criteria: [{ file: 0, region }] }));
        form.append('file', new Blob([new Uint8Array(both)]), 'both.png');
        const sent = querySchema.parse((await call('POST', '/search/query', { form })).json);
        expect(sent.result.map(({ img }) => img.id)).toContain(idOf(expected));
      }
      expect((await call('DELETE', `/admin/delete/${idOf('both')}`)).status).toBe(200);
      suite.uploads.delete('both');
    });
    for (const region of [
      { x: 0, y: 0, width: 0, height: 1 },
      { x: 0.6, y: 0, width: 0.5, height: 1 },
      { x: 0, y: 0, width: 1 },
      { x: 0, y: 0, width: 1, height: 1, unit: 'px' },
    ])
      check('POST /search/query', `the region ${JSON.stringify(region)}: 422`, async () => {
        expect((await query({ criteria: [{ id: idOf('cat'), region }] })).status).toBe(422);
      });
    check('POST /search/query', 'by words with quotes and minus, or 400', async () => {
      const response = await query({ words: '"new year" -sale' });
      expect(response.status).toBe(suite.hasWords() ? 200 : 400);
      if (!suite.hasWords()) return;
      const ids = async (words: string) =>
        querySchema.parse((await query({ words, explain: true })).json).result.map(({ img }) => img.id);
      expect(await ids('"new year" -sale')).toEqual([idOf('words')]);
      expect(await ids('"year new"')).toEqual([]);
      expect(await ids('year -happy')).toEqual([]);
      const { result } = querySchema.parse((await query({ words: 'year', explain: true })).json);
      expect(result[0]?.['explain']).toMatchObject({ words: [{ box: expect.any(Array) }] });
    });
    check('POST /search/query', 'the last days that there are', async () => {
      for (const date_to of ['9999-12-31', '9999-12-31T23:59:59Z'])
        expect(
          (await query({ criteria: [{ text: 'a' }], filter: { date_from: '0001-01-01', date_to } })).status,
        ).toBe(200);
    });
    for (const [what, json] of [
      ['nothing', {}],
      ['text and id at once', { criteria: [{ text: 'a', id: randomUUID() }] }],
      ['a file that is not there', { criteria: [{ file: 0 }] }],
      ['no basis', { criteria: [{ text: 'a' }], basis: [] }],
      ['min_score on words', { criteria: [{ text: 'a' }], basis: ['ocr'], filter: { min_score: 0.1 } }],
      ['a date that is none', { criteria: [{ text: 'a' }], filter: { date_from: 'yesterday' } }],
      ['a day that no month has', { criteria: [{ text: 'a' }], filter: { date_to: '2026-02-30' } }],
      ['an unknown format', { criteria: [{ text: 'a' }], filter: { formats: ['svg'] } }],
      ['an unknown facet', { criteria: [{ text: 'a' }], facets: ['camera'] }],
      ['a weight beyond measure', { criteria: [{ text: 'a', weight: 1e300 }] }],
    ] as const) {
      check('POST /search/query', `${what}: 422`, async () => {
        expect((await query(json)).status).toBe(422);
      });
    }
    const rejected = async (json: unknown) => {
      const response = await query(json);
      expect(response.status, JSON.stringify(response.json)).toBe(422);
      return z
        .array(z.looseObject({ type: z.string(), loc: z.array(z.unknown()), msg: z.string() }))
        .parse(suite.detailOf(response));
    };
    for (const [json, loc] of [
      [{ criteria: [{ text: 'a' }], coutn: 5 }, ['coutn']],
      [{ criteria: [{ text: 'a', wieght: -1 }] }, ['criteria', 0, 'wieght']],
      [{ criteria: [{ text: 'a' }], filter: { star: true } }, ['filter', 'star']],
      [{ criteria: [{ text: 'a' }], weights: { vison: 1 } }, ['weights', 'vison']],
    ] as const) {
      check('POST /search/query', `the unknown field ${loc.join('.')} is rejected by name`, async () => {
        expect(await rejected(json)).toEqual([
          expect.objectContaining({ type: 'extra_forbidden', loc: ['body', ...loc] }),
        ]);
      });
    }
    for (const [json, field, reason] of [
      [
        {
          criteria: [
            { text: 'a', weight: 0 },
            { text: 'b', weight: 0 },
          ],
        },
        'criteria',
        /other than 0/,
      ],
      [{ criteria: [{ text: 'a' }], weights: { vision: 0 } }, 'weights', /above 0/],
      [{ words: '-sale' }, 'words', /only which images to leave out/],
      [{ words: '!? …' }, 'words', /no letters or digits/],
      [{ words: '"---"', criteria: [{ text: 'a' }] }, 'words', /no letters or digits/],
    ] as const) {
      check(
        'POST /search/query',
        `${JSON.stringify(json)} asks for nothing: 422 with the reason`,
        async () => {
          const [failure] = await rejected(json);
          expect(failure).toMatchObject({ loc: ['body', field], msg: expect.stringMatching(reason) });
        },
      );
    }
    check('POST /search/query', 'words may leave images out beside a criterion', async () => {
      const response = await query({ criteria: [{ text: 'year' }], words: '-happy', count: 100 });
      expect(response.status).toBe(200);
    });
    check('POST /search/query', 'an unknown id: 404', async () => {
      expect((await query({ criteria: [{ id: randomUUID() }] })).status).toBe(404);
    });
    check('POST /search/query', 'multipart without the query part: 422', async () => {
      const form = new FormData();
      form.append('file', new Blob(['x']), 'x');
      expect((await call('POST', '/search/query', { form })).status).toBe(422);
    });
  });
}
