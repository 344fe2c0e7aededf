import { describe, expect } from 'vitest';
import { type Suite, welcomeSchema } from '../suite-helpers.ts';

export function welcomeCases(suite: Suite): void {
  const { check, call, belowApi } = suite;
  describe('welcome', () => {
    check('GET /', 'without tokens it says that one is required', async () => {
      const welcome = welcomeSchema.parse((await call('GET', '/', { tokens: 'none' })).json);
      expect(welcome.authorization).toEqual({ required: true, passed: false });
      expect(welcome.admin_api).toEqual({ available: true, passed: false });
      expect(welcome.available_basis).toContain('vision');
    });
    check('GET /', 'each right token flips its flag, a wrong or empty one does not', async () => {
      const standing = async (headers: Record<string, string>) => {
        const { authorization, admin_api: admin } = welcomeSchema.parse(
          (await call('GET', '/', { tokens: 'none', headers })).json,
        );
        return [authorization.passed, admin.passed];
      };
      expect(await standing({ 'X-Access-Token': suite.server().accessToken ?? '' })).toEqual([true, false]);
      expect(await standing({ 'X-Admin-Token': suite.server().adminToken ?? '' })).toEqual([false, true]);
      expect(await standing({ 'X-Access-Token': 'wrong', 'X-Admin-Token': '' })).toEqual([false, false]);
    });
    check('GET /', 'JSON for axios, curl and a wildcard', async () => {
      for (const Accept of ['application/json, text/plain, */*', '*/*']) {
        const response = await call('GET', '/', { headers: { Accept } });
        expect(response.headers.get('Content-Type')).toMatch(/^application\/json/);
      }
    });
    check('GET /', 'responds under /api too, its links carrying the base', async () => {
      const welcome = welcomeSchema.parse((await call('GET', belowApi('/'))).json);
      expect(welcome.wiki['openAPI']).toBe('/api/openapi.json');
      expect((await call('GET', belowApi(''))).status).toBe(200);
    });
  });
}
