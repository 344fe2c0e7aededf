import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BrowserContext, BrowserContextOptions, CDPSession, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect } from 'vitest';
import type { RunningApp } from '../../functions/local/start-app.ts';
import { openContext, sharedBrowser } from './chromium.ts';
import { type GalleryPage, openGallery } from './gallery-page.ts';

export type AppInBrowser = {
  readonly app: RunningApp;
  /** The folder that the app was started with, unless it took another. */
  readonly folder: string;
  /**
   * Opens a page at a path or an address, without motion; it is closed after the test, and what it kept in the
   * browser is gone. Pages of a test share what the browser keeps, but for those with options of a context.
   */
  open(path?: string, options?: BrowserContextOptions): Promise<GalleryPage>;
  /** What the browser may complain of in this test; anything else fails the test. */
  expectComplaints(pattern: RegExp): void;
};

/**
 * Runs the app for all tests of a `describe`, in a browser that must not complain.
 * @param run starts the app; the folder is empty and is removed in the end
 * @param options of every page
 */
export function useApp(
  run: (folder: string) => Promise<RunningApp>,
  options: BrowserContextOptions = {},
): AppInBrowser {
  let folder: string | undefined;
  let app: RunningApp | undefined;
  let pages: GalleryPage[] = [];
  let origins = new Set<string>();
  let expected: RegExp | null = null;
  const contexts = useContexts({ reducedMotion: 'reduce', ...options });

  const started = <T>(part: T | undefined): T => {
    if (part === undefined) throw new Error('The app runs only while the tests do');
    return part;
  };

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'semblance-page-'));
    app = await run(folder);
    await app.indexed;
  });
  afterAll(async () => {
    await contexts.close();
    await app?.stop();
    if (folder) await rm(folder, { recursive: true, force: true });
  });
  afterEach(async () => {
    const unexpected = pages
      .flatMap(({ complaints }) => complaints)
      .filter(complaint => !expected?.test(complaint));
    pages = [];
    expected = null;
    await contexts.clear(origins);
    origins = new Set();
    expect(unexpected).toEqual([]);
  });

  return {
    get app() {
      return started(app);
    },
    get folder() {
      return started(folder);
    },
    async open(path = '/', { viewport = null, colorScheme = null, ...own } = {}) {
      const context = await (Object.keys(own).length === 0 ? contexts.shared() : contexts.own(own));
      const url = new URL(path, started(app).url);
      origins.add(url.origin).add(new URL(started(app).url).origin);
      const gallery = await openGallery(context, url.href, { viewport, colorScheme });
      pages.push(gallery);
      return gallery;
    },
    expectComplaints(pattern) {
      expected = pattern;
    },
  };
}

/** A request to which a test itself responds may still be under way when the test is over; it then ends with the page. */
const endRoutes = (page: Page): Promise<void> => page.unrouteAll({ behavior: 'ignoreErrors' });

type SharedContext = { readonly context: BrowserContext; readonly devtools: CDPSession };

/**
 * The contexts of a browser that tests need: one for most of them, since the first page of a context takes twice as
 * long to load as the next ones, and others that live for a test.
 */
function useContexts(options: BrowserContextOptions) {
  let kept: SharedContext | undefined;
  let own: BrowserContext[] = [];

  async function open(): Promise<SharedContext> {
    // Service workers would be installed again by each page; the tests of the installed page allow them.
    const context = await openContext(await sharedBrowser(), { serviceWorkers: 'block', ...options });
    // A page that stays: through it the browser deletes what the others have stored.
    const devtools = await context.newCDPSession(await context.newPage());
    context.on('close', () => {
      kept = undefined;
    });
    return { context, devtools };
  }
  return {
    async shared(): Promise<BrowserContext> {
      kept ??= await open();
      return kept.context;
    },
    async own(more: BrowserContextOptions): Promise<BrowserContext> {
      const context = await openContext(await sharedBrowser(), { ...options, ...more });
      own.push(context);
      return context;
    },
    /** @param origins whose pages were open */
    async clear(origins: ReadonlySet<string>): Promise<void> {
      for (const context of own) {
        for (const page of context.pages()) await endRoutes(page);
        await context.close();
      }
      own = [];
      if (!kept) return;
      const { context, devtools } = kept;
      for (const page of context.pages().slice(1)) {
        await endRoutes(page);
        await page.close();
      }
      for (const origin of origins)
        await devtools.send('Storage.clearDataForOrigin', { origin, storageTypes: 'all' });
    },
    close: async () => kept?.context.close(),
  };
}
