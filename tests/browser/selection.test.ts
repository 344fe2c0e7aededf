import { readFile } from 'node:fs/promises';
import type { BrowserContextOptions, Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { chromiumPath } from './chromium.ts';
import { runGallery } from './indexed-gallery.ts';
import { useApp } from './use-app.ts';

describe.skipIf(chromiumPath === null)('selecting images', () => {
  const site = useApp(() => runGallery());
  const open = async (path = '/?q=dog', options: BrowserContextOptions = {}) => {
    const { page } = await site.open(path, options);
    await page.locator('.tile[data-state="loaded"]').nth(8).waitFor();
    return page;
  };
  const check = async (page: Page, at: number) => {
    const tile = page.locator('.tile').nth(at);
    await tile.hover();
    await tile.getByRole('button', { name: /^Select / }).click();
  };
  const selected = (page: Page) =>
    page
      .locator('.tile')
      .evaluateAll(tiles => tiles.flatMap((tile, at) => (tile.hasAttribute('data-selected') ? [at] : [])));

  it('by click, and with Shift all from the last one on', async () => {
    const page = await open();
    await check(page, 1);
    await page.getByText('1 selected').waitFor();
    await page.locator('.tile-link').nth(3).click();
    expect(await selected(page)).toEqual([1, 3]);
    await page
      .locator('.tile-link')
      .nth(6)
      .click({ modifiers: ['Shift'] });
    expect(await selected(page)).toEqual([1, 3, 4, 5, 6]);
    await page.locator('.tile-link').nth(4).click();
    expect(await selected(page)).toEqual([1, 3, 5, 6]);
    await page.keyboard.press('Escape');
    expect(await selected(page)).toEqual([]);
    await page.getByRole('region', { name: 'Selected images' }).waitFor({ state: 'detached' });
  });

  it('by dragging over them, from a check on', async () => {
    const page = await open();
    const box = async (at: number) => (await page.locator('.tile').nth(at).boundingBox())!;
    const [from, to] = [await box(0), await box(2)];
    await page.mouse.move(from.x + 22, from.y + 22);
    await page.mouse.down();
    await page.mouse.move(from.x + 60, from.y + 60);
    await page.mouse.move(to.x + to.width / 2, to.y + to.height / 2, { steps: 6 });
    await page.mouse.up();
    expect(await selected(page)).toEqual([0, 1, 2]);
    expect(await page.getByRole('dialog').count()).toBe(0);
  });

  it('by a long press and a drag of the finger', async () => {
    const page = await open('/?q=dog', {
      hasTouch: true,
      isMobile: true,
      viewport: { width: 390, height: 844 },
    });
    const first = (await page.locator('.tile').nth(0).boundingBox())!;
    const last = (await page.locator('.tile').nth(3).boundingBox())!;
    const touch = await page.context().newCDPSession(page);
    const at = (box: typeof first) => [{ x: box.x + box.width / 2, y: box.y + box.height / 2 }];
    await touch.send('Input.dispatchTouchEvent', { type: 'touchStart', touchPoints: at(first) });
    await expect.poll(() => selected(page)).toEqual([0]);
    await touch.send('Input.dispatchTouchEvent', { type: 'touchMove', touchPoints: at(last) });
    await expect.poll(() => selected(page)).toEqual([0, 1, 2, 3]);
    await touch.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] });
    expect(await selected(page)).toEqual([0, 1, 2, 3]);
    await page.locator('.tile-link').nth(1).tap();
    expect(await selected(page)).toEqual([0, 2, 3]);
  });

  it('by keys: Space, Shift and arrows, Ctrl-A for all, also those that are not in the page', async () => {
    const page = await open();
    await page.locator('.tile-link').first().focus();
    await page.keyboard.press('Space');
    await page.keyboard.press('Shift+ArrowRight');
    await page.keyboard.press('Shift+ArrowRight');
    await expect.poll(() => selected(page)).toEqual([0, 1, 2]);
    await page.keyboard.press('Control+a');
    const { images } = await site.app.local.library.counts();
    await page.getByText(`${images} selected`).waitFor();
    expect(await page.locator('.tile').count()).toBeLessThan(images);
  });

  it('of a listing that the user has left before all of it was known, selects nothing', async () => {
    const { page, search, first } = await site.open('/?q=dog');
    await page.locator('.tile[data-state="loaded"]').nth(8).waitFor();
    const { images } = await site.app.local.library.counts();
    const left = Promise.withResolvers<void>();
    const parts = new Set<number>();
    await page.route('**/search/query', async route => {
      const query = route.request().postDataJSON();
      if (query.criteria[0].text !== 'dog') return route.fallback();
      await left.promise;
      await route.fulfill({ response: await route.fetch() });
      parts.add(query.skip);
    });
    await page.keyboard.press('Control+a');
    await page.getByText(/ selected$/).waitFor();
    await search('penguin');
    await first('penguin.webp');
    left.resolve();
    await expect.poll(() => Math.max(...parts) + 60).toBeGreaterThanOrEqual(images);
    await page.evaluate(() => new Promise(resolve => setTimeout(resolve)));
    expect(await selected(page)).toEqual([]);
    expect(await page.getByText(/ selected$/).count()).toBe(0);
  });

  it('stars them and puts categories on and off', async () => {
    const page = await open('/?q=fox');
    await check(page, 0);
    await check(page, 1);
    const bar = page.getByRole('region', { name: 'Selected images' });
    await bar.getByRole('button', { name: 'Star', exact: true }).click();
    await expect.poll(() => page.locator('.tile[data-starred]').count()).toBe(2);
    await bar.getByRole('button', { name: 'Categories' }).click();
    const sheet = page.getByRole('dialog', { name: 'Categories' });
    await sheet.getByRole('combobox').fill('woods');
    await page.keyboard.press('Enter');
    await sheet.getByRole('button', { name: 'Remove woods' }).waitFor();
    await sheet.getByRole('combobox').fill('winter');
    await page.keyboard.press('Enter');
    await sheet.getByRole('button', { name: 'Remove winter' }).click();
    await sheet.getByRole('button', { name: 'Remove winter' }).waitFor({ state: 'detached' });
    await page.goto(`${site.app.url}/?category=woods`);
    await expect.poll(() => page.locator('.tile').count()).toBe(2);
    await page.goto(`${site.app.url}/?category=winter`);
    await page.getByText('No image passes these filters').waitFor();
  });

  it('searches for more like them, and for less', async () => {
    const page = await open();
    await check(page, 0);
    await check(page, 1);
    await page.getByRole('button', { name: 'Less like these' }).click();
    await page.waitForURL(/q=dog.*like=.*-1/);
    await expect.poll(() => page.locator('.chip[data-against]').count()).toBe(2);
    expect(await selected(page)).toEqual([]);
    await check(page, 0);
    await page.getByRole('button', { name: 'More like these' }).click();
    await page.waitForURL(/\?like=[^&]*$/);
  });

  it('says which of them belong to the folder when they are deleted', async () => {
    const page = await open();
    await check(page, 0);
    await page.getByRole('button', { name: 'Delete', exact: true }).click();
    await page.getByRole('button', { name: 'Delete 1 image?' }).click();
    await page.getByText('1 belongs to your folder; delete it there.').waitFor();
  });

  it('downloads them as a zip', async () => {
    const page = await open();
    await check(page, 0);
    await check(page, 1);
    const download = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Download as a zip' }).click();
    const file = await (await download).path();
    const bytes = await readFile(file);
    expect(bytes.subarray(0, 2).toString()).toBe('PK');
    expect(bytes.includes('.webp')).toBe(true);
  });
});
