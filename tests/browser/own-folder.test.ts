import { copyFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { GALLERY } from '../../functions/local/compose.ts';
import { chromiumPath } from './chromium.ts';
import { runApp } from './running-app.ts';
import { useApp } from './use-app.ts';

const IMAGES = [
  'words/xin-nian-kuai-le.webp',
  'words/jin-zhi-ting-che.webp',
  'animals/fox.webp',
  'food/pizza.webp',
];

describe.skipIf(chromiumPath === null)("the page on the user's own folder, behind tokens", () => {
  const site = useApp(async folder => {
    for (const image of IMAGES) await copyFile(join(GALLERY, image), join(folder, image.split('/')[1] ?? ''));
    await sharp(join(GALLERY, 'animals/fox.webp')).resize(400).jpeg().toFile(join(folder, 'fox small.jpg'));
    await writeFile(join(folder, 'broken.jpg'), Buffer.from('ffd8ffe000104a464946', 'hex'));
    return runApp(folder, { SEMBLANCE_ACCESS_TOKENS: 'let-me-in', SEMBLANCE_ADMIN_TOKENS: 'let-me-change' });
  });

  /** The page as the user sees it who typed both tokens before. */
  const openUnlocked = async (path: string) => {
    const gallery = await site.open('/healthz');
    await gallery.page.evaluate(() => {
      localStorage.setItem('semblance.access-token', 'let-me-in');
      localStorage.setItem('semblance.admin-token', 'let-me-change');
    });
    await gallery.page.goto(site.app.url + path);
    return gallery;
  };

  it('asks for the access token until it is right, and keeps it', async () => {
    site.expectComplaints(/status of 401/);
    const { page } = await site.open();
    await page.getByRole('button', { name: 'Access token' }).click();
    const token = page.getByLabel('Access token');
    await token.fill('guess');
    await token.press('Enter');
    await page.getByText('This token is not accepted.').waitFor();
    await token.fill('let-me-in');
    await token.press('Enter');
    await page.locator('.tile[data-state="loaded"]').first().waitFor();
    await page.reload();
    await page.locator('.tile').first().waitFor();
    expect(await page.getByLabel('Add images').count()).toBe(0);
  });

  it('unlocks editing by the admin token', async () => {
    const { page } = await site.open('/healthz');
    await page.evaluate(() => localStorage.setItem('semblance.access-token', 'let-me-in'));
    await page.goto(site.app.url);
    await page.getByRole('button', { name: 'More', exact: true }).click();
    await page.getByRole('menuitem', { name: 'Unlock editing' }).click();
    await page.getByLabel('Admin token').fill('let-me-change');
    await page.getByLabel('Admin token').press('Enter');
    await page.getByLabel('Add images').waitFor();
  });

  it('shows which images could not be indexed, and why', async () => {
    const { page } = await openUnlocked('/');
    await page.getByRole('button', { name: 'More', exact: true }).click();
    await page.getByRole('menuitem', { name: '1 could not be indexed' }).click();
    const sheet = page.getByRole('dialog');
    await sheet.getByText('broken.jpg', { exact: true }).waitFor();
    const retried = page.waitForResponse(response => response.url().endsWith('/admin/failures/retry'));
    await sheet.getByRole('button', { name: 'Try again' }).click();
    expect((await retried).ok()).toBe(true);
  });

  it('finds copies of an image in another size and format', async () => {
    const { page } = await openUnlocked('/');
    await page.getByRole('link', { name: 'Duplicates' }).click();
    await page.getByRole('button', { name: 'Open fox small.jpg' }).click();
    const view = page.getByRole('dialog', { name: 'fox small.jpg' });
    await view.getByText('Nearly the same').waitFor();
    await view.getByRole('button', { name: 'Open fox.webp' }).first().click();
    await page.getByRole('dialog', { name: 'fox.webp' }).waitFor();
  });

  it('marks the words that were searched for on the image', async () => {
    const { page, first } = await openUnlocked(`/?q=${encodeURIComponent('"新年快乐"')}`);
    await first('xin-nian-kuai-le.webp');
    await page.locator('.tile-link').first().click();
    await page.getByRole('dialog').locator('mark', { hasText: '新年快乐' }).waitFor();
    // Both at one moment: the image moves until what stands beside it is laid out.
    await page.waitForFunction(() => {
      const mark = document.querySelector('.stage-words polygon')?.getBoundingClientRect();
      const image = document.querySelector('.stage-image')?.getBoundingClientRect();
      if (!mark || !image || mark.width === 0) return false;
      const isAcross = mark.left >= image.left && mark.right <= image.right;
      return isAcross && mark.top >= image.top && mark.bottom <= image.bottom;
    });
  });

  it('shows an image that is put into the folder by itself', async () => {
    const { page, names } = await openUnlocked('/');
    await page.locator('.tile').first().waitFor();
    expect(await names()).not.toContain('panda.webp');
    await copyFile(join(GALLERY, 'animals/panda.webp'), join(site.folder, 'panda.webp'));
    await page.locator('.tile', { hasText: 'panda.webp' }).waitFor();
  });
});
