import { cp, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { GALLERY } from '../../functions/local/compose.ts';
import { chromiumPath } from './chromium.ts';
import { runApp } from './running-app.ts';
import { useApp } from './use-app.ts';

const UPLOAD = '**/api/admin/upload?*';

describe.skipIf(chromiumPath === null)('adding images', () => {
  let page: Page;
  const site = useApp(async folder => {
    await mkdir(join(folder, 'library'));
    await cp(join(GALLERY, 'animals/fox.webp'), join(folder, 'library/fox.webp'));
    return runApp(join(folder, 'library'), { SEMBLANCE_OCR: 'off' });
  });

  const open = async () => {
    site.expectComplaints(/ERR_FAILED|status of 4(09|15|22)/);
    page = (await site.open()).page;
    await page.getByLabel('Add images').waitFor();
  };
  const made = async (name: string, hue: number) => ({
    name,
    mimeType: 'image/png',
    buffer: await sharp(join(GALLERY, 'animals/panda.webp')).modulate({ hue }).png().toBuffer(),
  });
  const add = async (...files: { name: string; mimeType: string; buffer: Buffer }[]) =>
    page.getByLabel('Add images').setInputFiles(files);
  const panel = () => page.getByRole('complementary', { name: 'Added images' });
  const names = async () => {
    const { images } = await (await fetch(`${site.app.url}/api/images?count=100`)).json();
    return images.map((image: { name: string | null }) => image.name);
  };

  it('goes on after a reload, and after the server was away', async () => {
    await open();
    await page.route(UPLOAD, route => route.abort());
    await add(await made('first of two.png', 30), await made('second of two.png', 60));
    await panel().getByText('tried again').first().waitFor();
    await page.reload();
    await panel().getByText('Adding 1 of 2').waitFor();
    await page.unroute(UPLOAD);
    await panel().getByText('2 added').waitFor();
    await expect.poll(names).toEqual(expect.arrayContaining(['first of two.png', 'second of two.png']));
    await page.reload();
    await page.getByLabel('Add images').waitFor();
    expect(await panel().count()).toBe(0);
  });

  it('goes on in another tab when its own is closed', async () => {
    await open();
    const context = page.context();
    await context.route(UPLOAD, route => route.abort());
    await add(await made('left behind.png', 90));
    await panel().getByText('tried again').waitFor();
    const other = (await site.open()).page;
    await page.close();
    await context.unroute(UPLOAD);
    await other.getByRole('complementary', { name: 'Added images' }).getByText('1 added').waitFor();
    await expect.poll(names).toContain('left behind.png');
  });

  it('asks before the page is left while some are under way', async () => {
    await open();
    await page.route(UPLOAD, route => route.abort());
    await add(await made('asked.png', 100));
    await panel().getByText('tried again').waitFor();
    // By a reload that is called off: a tab that closes while its context does can take Chromium down with it.
    const asked = page.waitForEvent('dialog');
    const leaving = page.reload({ timeout: 2000 }).catch(() => 'stayed');
    const dialog = await asked;
    expect(dialog.type()).toBe('beforeunload');
    await dialog.dismiss();
    expect(await leaving).toBe('stayed');
    await panel().getByText('tried again').waitFor();
  });

  it('says why one failed, counts honestly, shows the end of each name and retries those together', async () => {
    await open();
    const name = `${'a very long name of a series of images '.repeat(3)}0042.png`;
    const broken = { name: 'not an image.png', mimeType: 'image/png', buffer: Buffer.from('words') };
    const again = await made('seen before.png', 30);
    await add(await made(name, 120), broken, again);
    await panel().getByText('1 added · 1 already there · 1 failed').waitFor();
    const row = panel().locator('li', { hasText: '0042.png' });
    const end = await row.locator('.upload-name > span').last().boundingBox();
    const list = await panel().boundingBox();
    if (!end || !list) throw new Error('no row');
    expect(end.x + end.width).toBeLessThan(list.x + list.width);
    expect(await row.locator('.upload-name').getAttribute('title')).toBe(name);
    expect(await panel().locator('li[data-state="failed"] .upload-outcome').textContent()).not.toBe('');
    const retried = page.waitForRequest(UPLOAD);
    await panel().getByRole('button', { name: 'Retry failed' }).click();
    await retried;
    await panel().getByText('1 failed').waitFor();
    await panel().getByRole('button', { name: 'Close' }).click();
    await panel().waitFor({ state: 'detached' });
    await page.reload();
    await page.getByLabel('Add images').waitFor();
    expect(await panel().count()).toBe(0);
  });

  it('takes folders, chosen and dropped, and says how many files in them are no images', async () => {
    const inside = join(site.folder, 'trip/day one');
    await mkdir(inside, { recursive: true });
    await writeFile(join(inside, 'tower.png'), (await made('', 150)).buffer);
    await writeFile(join(site.folder, 'trip/bridge.png'), (await made('', 180)).buffer);
    await writeFile(join(site.folder, 'trip/notes.txt'), 'no image');
    await open();
    const chooser = page.waitForEvent('filechooser');
    await page.getByRole('button', { name: 'More', exact: true }).click();
    await page.getByRole('menuitem', { name: 'Add a folder of images' }).click();
    await (await chooser).setFiles(join(site.folder, 'trip'));
    await panel().getByText('2 added').waitFor();
    await page.getByText('1 file in it is no image').waitFor();
    expect(await panel().locator('.upload-name').allTextContents()).toContain('trip/day one/tower.png');
    await expect.poll(names).toEqual(expect.arrayContaining(['tower.png', 'bridge.png']));

    await panel().getByRole('button', { name: 'Close' }).click();
    const devtools = await page.context().newCDPSession(page);
    const drag = (type: 'dragEnter' | 'dragOver' | 'drop', x: number) =>
      devtools.send('Input.dispatchDragEvent', {
        type,
        x,
        y: 400,
        data: { items: [], files: [join(site.folder, 'trip')], dragOperationsMask: 1 },
      });
    await drag('dragEnter', 1150);
    await page.locator('[data-zone="upload"]').waitFor();
    await drag('dragOver', 1150);
    await drag('drop', 1150);
    await panel().getByText('2 already there').waitFor();
  });
});
