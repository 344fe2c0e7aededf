import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { GALLERY } from '../../functions/local/compose.ts';
import { chromiumPath } from './chromium.ts';
import { runApp } from './running-app.ts';
import { useApp } from './use-app.ts';

describe.skipIf(chromiumPath === null)('what is written and deleted is not lost', () => {
  let id: string;
  const site = useApp(async folder => {
    await cp(join(GALLERY, 'animals/fox.webp'), join(folder, 'fox.webp'));
    const app = await runApp(folder, { SEMBLANCE_OCR: 'off' });
    await app.indexed;
    const list = await (await fetch(`${app.url}/api/images`)).json();
    id = list.images[0].id;
    return app;
  });

  const image = async () => (await (await fetch(`${site.app.url}/api/images/id/${id}`)).json()).img;
  const change = (fields: object) =>
    fetch(`${site.app.url}/api/admin/update_opt/${id}`, {
      method: 'PUT',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(fields),
    });
  /** In another tab of the same browser, where there is one already. */
  const openImage = async () => {
    const { page } = await site.open(`/?view=${id}`);
    await page.getByLabel('Notes').waitFor();
    return page;
  };

  it('a note is kept when the view is left by Escape right after the last key stroke', async () => {
    const page = await openImage();
    await page.getByLabel('Notes').fill('by Escape');
    await page.keyboard.press('Escape');
    await expect.poll(async () => (await image()).comments).toBe('by Escape');
  });

  it('and when the page is reloaded, left or closed', async () => {
    // What was sent when the page was left may have made another version than the page knows; then it is sent again.
    site.expectComplaints(/status of 412/);
    const page = await openImage();
    await page.getByLabel('Notes').fill('by reload');
    await page.reload();
    await expect.poll(() => page.getByLabel('Notes').inputValue()).toBe('by reload');
    await page.getByRole('status').filter({ hasText: 'Saved' }).waitFor();
    await page.getByLabel('Notes').fill('by close');
    // Closed before its context is: a tab that closes while its context does can take Chromium down with it.
    const closed = page.waitForEvent('close');
    await page.close({ runBeforeUnload: true });
    await closed;
    await expect.poll(async () => (await image()).comments).toBe('by close');
  });

  it('and the page says when it is saved', async () => {
    const page = await openImage();
    await page.getByLabel('Notes').fill('at a pause');
    await page.getByRole('status').filter({ hasText: 'Saved' }).waitFor();
    expect((await image()).comments).toBe('at a pause');
  });

  it('a note outlives a server that is away', async () => {
    site.expectComplaints(/ERR_FAILED/);
    const page = await openImage();
    await page.route('**/update_opt/**', route => route.abort());
    await page.getByLabel('Notes').fill('written offline');
    await page.getByText('Kept in this browser').waitFor();
    await page.close();
    expect((await image()).comments).not.toBe('written offline');
    await site.open();
    await expect.poll(async () => (await image()).comments).toBe('written offline');
  });

  it('a category that was typed is kept without Enter; two tabs add and remove side by side', async () => {
    await change({ categories: ['old'] });
    const page = await openImage();
    const other = await openImage();
    await page.getByLabel('Add a category').fill('mine');
    await page.keyboard.press('Escape');
    await expect.poll(async () => (await image()).categories).toEqual(['old', 'mine']);
    await other.getByRole('button', { name: 'Remove old' }).click();
    await expect.poll(async () => (await image()).categories).toEqual(['mine']);
  });

  it('where another user wrote another note, both are shown', async () => {
    site.expectComplaints(/status of 412/);
    await change({ comments: 'first' });
    const page = await openImage();
    await change({ starred: true });
    await page.getByLabel('Notes').fill('mine');
    await expect.poll(async () => (await image()).comments).toBe('mine');
    await change({ comments: 'theirs' });
    await page.getByLabel('Notes').fill('mine again');
    const conflict = page.getByRole('alert').filter({ hasText: 'Somebody else' });
    await conflict.getByText('theirs', { exact: true }).waitFor();
    expect((await image()).comments).toBe('theirs');
    await conflict.getByRole('button', { name: 'Keep mine' }).click();
    await expect.poll(async () => (await image()).comments).toBe('mine again');
  });

  it('a search by an image goes on without it while it is deleted', async () => {
    // The server rejects the search while the image is gone or waits; only then the page looks which one it is.
    site.expectComplaints(/status of 4(04|09)/);
    const file = await sharp(join(GALLERY, 'animals/bear.webp')).png().toBuffer();
    const { page } = await site.open();
    await page
      .getByLabel('Add images')
      .setInputFiles({ name: 'bear upload.png', mimeType: 'image/png', buffer: file });
    const tile = page.locator('.tile', { hasText: 'bear upload.png' });
    await tile.waitFor();
    const added = await tile.getAttribute('data-id');
    await page.goto(`${site.app.url}/?q=bear&like=${added}&view=${added}`);
    await page.getByRole('button', { name: 'Delete', exact: true }).click();
    await page.getByText('An image of this search is no longer here.').waitFor();
    await page.locator('.chip[data-left-out=gone]').waitFor();
    await page.locator('.tile', { hasText: 'fox.webp' }).waitFor();
    await page.getByRole('button', { name: 'Undo' }).click();
    await page.locator('.chip[data-left-out=gone]').waitFor({ state: 'detached' });

    await page.goto(`${site.app.url}/?like=${added}&view=${added}`);
    await page.getByRole('button', { name: 'Delete', exact: true }).click();
    await page.getByRole('heading', { name: 'The image of this search is no longer here' }).waitFor();
    expect(await page.locator('.tile').count()).toBe(0);
    await page.getByRole('button', { name: 'Undo' }).click();
    await page.locator('.tile', { hasText: 'fox.webp' }).waitFor();
  });

  it('an image that is indexed after the first search and before the page listens shows up', async () => {
    const { page } = await site.open();
    await page.locator('.tile', { hasText: 'fox.webp' }).waitFor();
    const listening = Promise.withResolvers<void>();
    await page.route('**/admin/events', async route => {
      await listening.promise;
      await route.continue();
    });
    await page.reload();
    await page.locator('.tile', { hasText: 'fox.webp' }).waitFor();
    await cp(join(GALLERY, 'animals/bear.webp'), join(site.folder, 'bear.webp'));
    await expect
      .poll(async () => (await (await fetch(`${site.app.url}/api/images`)).json()).images.length)
      .toBe(2);
    listening.resolve();
    await page.locator('.tile', { hasText: 'bear.webp' }).waitFor();
  });

  it('a deleted upload comes back by Undo, and from the trash', async () => {
    // The view of a deleted image may ask for those like it a last time.
    site.expectComplaints(/status of 404/);
    const file = await sharp(join(GALLERY, 'animals/panda.webp')).png().toBuffer();
    const { page } = await site.open();
    await page
      .getByLabel('Add images')
      .setInputFiles({ name: 'panda upload.png', mimeType: 'image/png', buffer: file });
    const tile = page.locator('.tile', { hasText: 'panda upload.png' });
    await tile.waitFor();
    const remove = async () => {
      await tile.locator('.tile-link').click();
      await page.getByRole('button', { name: 'Delete', exact: true }).click();
      await page.getByText('1 image moved to the trash').waitFor();
      await tile.waitFor({ state: 'detached' });
    };
    await remove();
    await page.getByRole('button', { name: 'Undo' }).click();
    await tile.waitFor();
    await remove();
    await page.getByRole('button', { name: 'More', exact: true }).click();
    await page.getByRole('menuitem', { name: 'Trash' }).click();
    const trashed = page.locator('.trash-name', { hasText: 'panda upload.png' });
    await trashed.waitFor();
    await page.getByRole('button', { name: 'Delete panda upload.png for good' }).dblclick();
    await trashed.waitFor();
    await page.getByRole('button', { name: 'Restore panda upload.png' }).click();
    await page.getByText('The trash is empty').waitFor();
    await page.goto(site.app.url);
    await remove();
    await page.goto(`${site.app.url}/?place=trash`);
    await page.getByRole('button', { name: 'Empty the trash' }).click();
    // Slowly, since a second click soon after the first is part of a double click.
    await page.getByRole('button', { name: 'Delete 1 for good?' }).click({ delay: 700 });
    await page.getByText('The trash is empty').waitFor();
  });
});
