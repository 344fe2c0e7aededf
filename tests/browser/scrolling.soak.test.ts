import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RunningApp } from '../../functions/local/start-app.ts';
import { chromiumPath, openBrowser } from './chromium.ts';
import { openGallery } from './gallery-page.ts';
import { runApp } from './running-app.ts';
import { writeImages } from './synthetic-library.ts';

const IMAGES = 5_000;

describe.skipIf(chromiumPath === null)(`a folder of ${IMAGES} generated images`, () => {
  let folder: string;
  let browser: Browser;
  let app: RunningApp;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'semblance-scrolling-'));
    await writeImages(folder, IMAGES);
    [browser, app] = await Promise.all([openBrowser(), runApp(folder, { SEMBLANCE_OCR: 'off' })]);
    await app.indexed;
  }, 3_600_000);
  afterAll(async () => {
    await browser?.close();
    await app?.stop();
    if (folder) await rm(folder, { recursive: true, force: true });
  });

  it.each(['/', '/?order=name', '/?q=circle'])(
    'shows every image once on the way to the end of %s',
    async path => {
      const gallery = await openGallery(browser, app.url + path);
      await gallery.page.locator('.tile[data-state="loaded"]').first().waitFor();
      const names = await gallery.allNames();
      expect(names).toHaveLength(IMAGES);
      expect(new Set(names).size).toBe(IMAGES);
      expect(await gallery.page.locator('*').count()).toBeLessThan(2_000);
      await gallery.close();
    },
  );
});
