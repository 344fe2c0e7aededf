import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, BrowserContextOptions } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect } from 'vitest';
import type { RunningApp } from '../../functions/local/start-app.ts';
import { openBrowser } from './chromium.ts';
import { type GalleryPage, openGallery } from './gallery-page.ts';

export type AppInBrowser = {
  readonly app: RunningApp;
  /** Opens a page in a window of its own; it is closed after the test. */
  open(path?: string, options?: BrowserContextOptions): Promise<GalleryPage>;
  /** What the browser may complain of in this test; anything else fails the test. */
  expectComplaints(pattern: RegExp): void;
};

/**
 * Runs the app for all tests of a `describe`, in a browser that must not complain.
 * @param run starts the app; the folder is empty and is removed in the end
 */
export function useApp(run: (folder: string) => Promise<RunningApp>): AppInBrowser {
  let folder: string | undefined;
  let browser: Browser | undefined;
  let app: RunningApp | undefined;
  let pages: GalleryPage[] = [];
  let expected: RegExp | null = null;

  const started = <T>(part: T | undefined): T => {
    if (part === undefined) throw new Error('The app runs only while the tests do');
    return part;
  };

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'semblance-page-'));
    [browser, app] = await Promise.all([openBrowser(), run(folder)]);
    await app.indexed;
  });
  afterAll(async () => {
    await browser?.close();
    await app?.stop();
    if (folder) await rm(folder, { recursive: true, force: true });
  });
  afterEach(async () => {
    const unexpected = pages
      .flatMap(({ complaints }) => complaints)
      .filter(complaint => !expected?.test(complaint));
    for (const page of pages) await page.close();
    pages = [];
    expected = null;
    expect(unexpected).toEqual([]);
  });

  return {
    get app() {
      return started(app);
    },
    async open(path = '/', options = {}) {
      const gallery = await openGallery(started(browser), started(app).url + path, options);
      pages.push(gallery);
      return gallery;
    },
    expectComplaints(pattern) {
      expected = pattern;
    },
  };
}
