import type { BrowserContextOptions, Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { chromiumPath } from './chromium.ts';
import type { GalleryPage } from './gallery-page.ts';
import { runSyntheticLibrary } from './synthetic-library.ts';
import { useApp } from './use-app.ts';

/** The soak run has as many as the page is made for. */
const ROWS = process.env['SEMBLANCE_SOAK'] ? 100_000 : 12_000;

describe.skipIf(chromiumPath === null)(`the time line of ${ROWS} images`, () => {
  let gallery: GalleryPage;
  const site = useApp(() => runSyntheticLibrary(ROWS));
  const open = async (path = '/', options: BrowserContextOptions = {}) => {
    gallery = await site.open(path, options);
    await gallery.page.locator('.tile[data-state="loaded"]').first().waitFor();
    return gallery.page;
  };
  const scroller = (page: Page) => page.getByRole('slider', { name: 'Time line' });
  /** What month is at the head of the window, as the time line says. */
  const month = (page: Page) => scroller(page).getAttribute('aria-valuetext');
  /** Waits until there are images in the window, and nothing else. */
  const settled = (page: Page) =>
    expect
      .poll(() =>
        page.locator('.band-blank, .tile').evaluateAll(all => {
          const inWindow = all.filter(element => {
            const { top, bottom } = element.getBoundingClientRect();
            return bottom > 0 && top < innerHeight;
          });
          return inWindow.length > 0 && inWindow.every(element => element.matches('.tile:not(.skeleton)'));
        }),
      )
      .toBe(true);

  /** The time line, scrolled to a share of its height. */
  const openAt = async (share: number) => {
    const page = await open();
    await page.evaluate(to => scrollTo(0, document.documentElement.scrollHeight * to), share);
    await settled(page);
    return page;
  };
  /** Images that stand whole in the window, below its bar, with the height of each. */
  const seen = (page: Page) =>
    page.locator('.tile').evaluateAll(tiles =>
      tiles
        .map(tile => ({ id: tile.getAttribute('data-id'), box: tile.getBoundingClientRect() }))
        .filter(({ box }) => box.top >= 70 && box.bottom <= innerHeight)
        .map(({ id, box }) => ({ id, top: Math.round(box.top / 4) })),
    );
  const moreLike = async (page: Page, tiles: Awaited<ReturnType<typeof seen>>) => {
    const tile = page.locator(`[data-id="${tiles[1]?.id}"]`);
    await tile.hover();
    await tile.getByRole('button', { name: /^More like this:/ }).click();
    await page.waitForURL('**/?like=*');
    await page.locator('.chip').waitFor();
  };

  it('shows all images by the day they were taken, the latest first, and counts them', async () => {
    const page = await open();
    await page
      .getByText(`${new Intl.NumberFormat('en').format(ROWS + 60)} images`, { exact: true })
      .waitFor();
    const months = await page.locator('.band-month h2').allTextContents();
    expect(months[0]).toMatch(/20\d\d$/);
    expect(await page.locator('.band-run h3').first().textContent()).toMatch(/\w+, \w+ \d+/);
  });

  it('jumps years by its time line, and goes on from there in both directions', async () => {
    const page = await open();
    await scroller(page).focus();
    const years = new Set<string>();
    for (let i = 0; i < 6; i++) {
      await page.keyboard.press('PageDown');
      years.add((await month(page))?.slice(-4) ?? '');
    }
    expect(years.size).toBeGreaterThanOrEqual(5);
    await settled(page);
    const names = await gallery.names();
    expect(names.length).toBeGreaterThan(5);
    const before = await month(page);
    await page.evaluate(() => scrollBy({ top: -3000, behavior: 'instant' }));
    await settled(page);
    expect(Date.parse(`1 ${await month(page)}`)).toBeGreaterThanOrEqual(Date.parse(`1 ${before}`));
  });

  it('keeps few of its images in the page, wherever one is', async () => {
    const page = await open('/', { viewport: { width: 1440, height: 900 } });
    for (const share of [0, 0.2, 0.5, 0.8, 1]) {
      await page.evaluate(to => scrollTo(0, document.documentElement.scrollHeight * to), share);
      await settled(page);
      expect(await page.locator('*').count()).toBeLessThan(2_000);
    }
  });

  it('is where it was after a reload, and after looking at more like an image', async () => {
    const page = await openAt(0.4);
    const before = await seen(page);
    await page.reload();
    await expect.poll(() => seen(page)).toEqual(before);
    await moreLike(page, before);
    await expect.poll(() => page.locator('.results-head').textContent()).toMatch(/best match first/);
    await page.goBack();
    await expect.poll(() => seen(page)).toEqual(before);
  });

  it('is where it was when the user comes back before the images of where they went are there', async () => {
    const page = await openAt(0.4);
    const before = await seen(page);
    await page.route('**/search/similar/**', () => {});
    await page.route('**/search/query', () => {});
    await moreLike(page, before);
    await page.goBack();
    await expect.poll(() => seen(page)).toEqual(before);
    await page.unrouteAll();
  });

  it('offers what can be done with an image that loads under a resting pointer', async () => {
    const page = await openAt(0.4);
    let release = () => {};
    const released = new Promise<void>(resolve => {
      release = resolve;
    });
    await page.route('**/search/query', async route => {
      await released;
      await route.continue();
    });
    // A reload knows what stood where before it knows the images.
    await page.reload();
    await page.locator('.tile.skeleton').nth(5).waitFor();
    let y = 300;
    await expect
      .poll(async () => {
        y += 7;
        await page.mouse.move(640, y);
        return page.locator('.tile.skeleton:hover').count();
      })
      .toBe(1);
    release();
    await page.locator('.tile:hover .tile-similar').waitFor();
  });

  it('never says that 10,000 are all', async () => {
    const page = await open('/?order=random&seed=3');
    await page
      .getByText(`${new Intl.NumberFormat('en').format(ROWS + 60)} images`, { exact: true })
      .waitFor();
  });

  it.each(['added', 'name', 'size'])('orders by %s', async order => {
    const page = await open(`/?order=${order}`);
    await settled(page);
    const names = await gallery.names();
    expect(names.length).toBeGreaterThan(10);
    if (order === 'name') expect(names.slice(0, 3)).toEqual([0, 1, 2].map(n => `generated-0000${n}.jpg`));
    await page.evaluate(() => scrollTo(0, document.documentElement.scrollHeight));
    await expect.poll(async () => (await gallery.names()).some(name => !names.includes(name))).toBe(true);
  });

  it('goes to the same days of a filtered library', async () => {
    const page = await open('/?from=2024-03-01&to=2024-04-30');
    await expect.poll(() => page.locator('.band-month h2').first().textContent()).toBe('April 2024');
    await page.evaluate(() => scrollTo(0, document.documentElement.scrollHeight));
    await expect.poll(() => month(page)).toBe('March 2024');
  });
});
