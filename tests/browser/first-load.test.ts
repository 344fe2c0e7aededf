import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { GALLERY } from '../../functions/local/compose.ts';
import type { RunningApp } from '../../functions/local/start-app.ts';
import { chromiumPath, openBrowser } from './chromium.ts';
import { openGallery } from './gallery-page.ts';
import { runApp } from './running-app.ts';

/** bytes of script, as they are sent, that the first view may load: all of it until the page is at rest. */
const BUDGET = 130_000;

describe.skipIf(chromiumPath === null)('the first load', () => {
  let browser: Browser;
  let app: RunningApp;

  beforeAll(async () => {
    [browser, app] = await Promise.all([openBrowser(), runApp(GALLERY, { SEMBLANCE_OCR: 'off' })]);
    await app.indexed;
  }, 120_000);
  afterAll(async () => {
    await browser?.close();
    await app?.stop();
  });

  it('loads no more script than it may', async () => {
    const { page, close } = await openGallery(browser, app.url);
    await page.locator('.tile[data-state="loaded"]').first().waitFor();
    // What loads by itself a little later counts too.
    for (const late of ['pinned', 'follow-events'])
      await page.waitForFunction(
        part => performance.getEntriesByType('resource').some(({ name }) => name.includes(`/${part}-`)),
        late,
      );
    const sizes = await page.evaluate(() =>
      performance
        .getEntriesByType('resource')
        .flatMap(entry =>
          entry instanceof PerformanceResourceTiming && entry.name.endsWith('.js')
            ? [entry.encodedBodySize]
            : [],
        ),
    );
    expect(sizes.length).toBeGreaterThan(0);
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThanOrEqual(BUDGET);
    await close();
  }, 60_000);
});
