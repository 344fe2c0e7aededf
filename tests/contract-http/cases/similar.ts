import { randomUUID } from 'node:crypto';
import { describe, expect } from 'vitest';
import { foundSchema, type Suite } from '../suite-helpers.ts';

export function similarCases(suite: Suite): void {
  const { check, call, idsOf, idOf, detailOf } = suite;
  describe('similar', () => {
    check('GET /search/similar/{image_id}', 'its like comes first, itself never', async () => {
      const ids = await idsOf('GET', `/search/similar/${idOf('cat')}`);
      expect(ids[0]).toBe(idOf('cat-2'));
      expect(ids).not.toContain(idOf('cat'));
    });
    check('GET /search/similar/{image_id}', 'ids in upper case and without hyphens', async () => {
      const bare = idOf('cat').toUpperCase().replaceAll('-', '');
      expect((await idsOf('GET', `/search/similar/${bare}`))[0]).toBe(idOf('cat-2'));
    });
    check('GET /search/similar/{image_id}', 'unknown 404, no id 422', async () => {
      expect((await call('GET', `/search/similar/${randomUUID()}`)).status).toBe(404);
      const bad = await call('GET', '/search/similar/not-an-id');
      expect(bad.status).toBe(422);
      expect(detailOf(bad)).toMatchObject([{ type: 'uuid_parsing', loc: ['path', 'image_id'] }]);
    });
    check('GET /search/similar/{image_id}', 'on words, of an image without: nothing', async () => {
      const response = await call('GET', `/search/similar/${idOf('cat')}`, { query: { basis: 'ocr' } });
      expect(response.status).toBe(suite.hasWords() ? 200 : 400);
      if (suite.hasWords()) expect(foundSchema.parse(response.json).result).toEqual([]);
    });
  });
}
