import { copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { GALLERY } from '../../functions/local/compose.ts';
import { chromiumPath } from './chromium.ts';
import { runApp } from './running-app.ts';
import { useApp } from './use-app.ts';

describe.skipIf(chromiumPath === null)('albums and saved searches', () => {
  const site = useApp(async folder => {
    for (const name of ['fox', 'owl', 'panda', 'penguin', 'tiger'])
      await copyFile(join(GALLERY, `animals/${name}.webp`), join(folder, `${name}.webp`));
    return runApp(folder, { SEMBLANCE_OCR: 'off' });
  });
  const open = async (path: string) => (await site.open(path)).page;

  it('makes an album of a category, with a page, a count and a cover of its own', async () => {
    const page = await open('/?q=fox');
    for (const name of ['fox.webp', 'tiger.webp']) {
      const tile = page.locator('.tile', { hasText: name });
      await tile.hover();
      await tile.getByRole('button', { name: /^Select / }).click();
    }
    await page.getByRole('button', { name: 'Categories' }).click();
    await page.getByRole('dialog', { name: 'Categories' }).getByRole('combobox').fill('the woods');
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Remove the woods' }).waitFor();
    await page.goto(`${site.app.url}/?place=albums`);
    const album = page.locator('.album', { hasText: 'the woods' });
    await album.getByText('2 images').waitFor();
    await album.locator('.album-open').click();
    await page.getByRole('heading', { level: 1, name: 'the woods' }).waitFor();
    await expect.poll(() => page.locator('.tile').count()).toBe(2);
    await page.reload();
    await page.getByRole('heading', { level: 1, name: 'the woods' }).waitFor();
    expect(await page.getByText('Not these categories').count()).toBe(0);

    const cover = page.locator('.tile').nth(1);
    const id = await cover.getAttribute('data-id');
    await cover.hover();
    await cover.getByRole('button', { name: /^Select / }).click();
    const changed = page.waitForResponse(
      response => response.url().includes('/admin/albums/') && response.ok(),
    );
    await page.getByRole('button', { name: 'Use as cover' }).click();
    await changed;
    await page.goto(`${site.app.url}/?place=albums`);
    await expect.poll(() => album.locator('img').getAttribute('src')).toContain(id);
    await album.getByRole('button', { name: 'Pin to the start page: the woods' }).click();
    await page.getByRole('link', { name: 'Images' }).click();
    await page.getByRole('list', { name: 'Pinned' }).getByRole('button', { name: 'the woods' }).click();
    await page.getByRole('heading', { level: 1, name: 'the woods' }).waitFor();
  });

  it('keeps a search with its filters by name, for every browser', async () => {
    let page = await open('/?q=penguin&format=webp');
    await page.locator('.tile').first().waitFor();
    await page.getByRole('button', { name: 'Save this search' }).click();
    await page.getByLabel('Name').fill('in the cold');
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await page.context().close();

    page = await open('/');
    await page.getByRole('list', { name: 'Pinned' }).getByRole('button', { name: 'in the cold' }).click();
    await page.waitForURL(/q=penguin&format=webp/);
    await page.goto(`${site.app.url}/?place=albums`);
    await page.getByRole('button', { name: 'Rename: in the cold' }).click();
    await page.getByLabel('Name').fill('on the ice');
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'on the ice', exact: true }).waitFor();
    await page.getByRole('button', { name: 'Forget this search: on the ice' }).click();
    await page.getByText('Search for something, then save it here by name.').waitFor();
  });
});
