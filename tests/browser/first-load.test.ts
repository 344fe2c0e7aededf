import { describe, expect, it } from 'vitest';
import { chromiumPath } from './chromium.ts';
import { runGallery } from './indexed-gallery.ts';
import { useApp } from './use-app.ts';

/** bytes of script, as they are sent, that the first view may load: all of it until the page is at rest. */
const BUDGET = 130_000;

describe.skipIf(chromiumPath === null)('the first load', () => {
  const site = useApp(() => runGallery());

  it('loads no more script than it may', async () => {
    const { page } = await site.open();
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
  });
});
