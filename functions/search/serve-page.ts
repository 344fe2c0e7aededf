import type { Context } from 'hono';
import { PAGE_POLICY_HEADER } from '../../shared/page-policy.ts';
import type { ApiEnv } from './deps.ts';
import type { Page } from './page.ts';

/** The page's file at this path; null when there is none. */
export function servePage(c: Context<ApiEnv>, page: Page | null, path: string): Response | null {
  const file = page?.get(path);
  if (!file) return null;
  const brotli = /\bbr\b/.test(c.req.header('Accept-Encoding') ?? '') ? file.brotli : null;
  // Each encoding is a representation of its own (RFC 9110, section 8.8.3.3).
  const etag = brotli ? file.etag.replace(/"$/, '-br"') : file.etag;
  const headers = {
    'Content-Type': file.type,
    'Content-Security-Policy': PAGE_POLICY_HEADER,
    'Referrer-Policy': 'strict-origin-when-cross-origin',
    ETag: etag,
    'Cache-Control': file.immutable ? 'public, max-age=31536000, immutable' : 'no-cache',
  };
  if (c.req.header('If-None-Match') === etag) return c.body(null, 304, headers);
  if (brotli) return c.body(brotli, 200, { ...headers, 'Content-Encoding': 'br' });
  return c.body(file.bytes, 200, headers);
}
