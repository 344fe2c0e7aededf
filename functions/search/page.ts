import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { extname, join, sep } from 'node:path';

/** A built page, held in memory: it is small, and so can't be half replaced. By path, e.g. `/index.html`. */
export type Page = ReadonlyMap<string, PageFile>;

export type PageFile = {
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** The same compressed by brotli when the page was built; null where that makes it no smaller. */
  readonly brotli: Uint8Array<ArrayBuffer> | null;
  readonly type: string;
  readonly etag: string;
  /** Its name has its hash, so it never changes. */
  readonly immutable: boolean;
};

const TYPES: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.webmanifest': 'application/manifest+json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.webp': 'image/webp',
  '.woff2': 'font/woff2',
};

/** Of a file beside another that is the same, compressed; see web/vite.config.ts. */
const BROTLI = '.br';

/** Reads what Vite built; null when there is nothing. */
export async function loadPage(folder: string): Promise<Page | null> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  const contents = new Map(
    await Promise.all(
      entries
        .filter(entry => entry.isFile())
        .map(async entry => {
          const file = join(entry.parentPath, entry.name);
          const path = `/${file.slice(folder.length).split(sep).filter(Boolean).join('/')}`;
          return [path, new Uint8Array(await readFile(file))] as const;
        }),
    ),
  );
  const page = new Map<string, PageFile>();
  for (const [path, bytes] of contents) {
    if (path.endsWith(BROTLI)) continue;
    page.set(path, {
      bytes,
      brotli: contents.get(path + BROTLI) ?? null,
      type: TYPES[extname(path)] ?? 'application/octet-stream',
      etag: `"${createHash('sha256').update(bytes).digest('base64url').slice(0, 22)}"`,
      immutable: path.startsWith('/assets/'),
    });
  }
  return page.has('/index.html') ? page : null;
}
