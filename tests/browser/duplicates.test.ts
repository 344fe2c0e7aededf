import { copyFile, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { describe, expect, it, vi } from 'vitest';
import { GALLERY } from '../../functions/local/compose.ts';
import { chromiumPath } from './chromium.ts';
import { runApp } from './running-app.ts';
import { useApp } from './use-app.ts';

describe.skipIf(chromiumPath === null)('cleaning up duplicates', () => {
  /** Two copies of the fox were uploaded, and two of the panda lie in the folder. */
  const site = useApp(async folder => {
    const panda = join(GALLERY, 'animals/panda.webp');
    await copyFile(panda, join(folder, 'panda.webp'));
    await sharp(panda).resize(300).jpeg().toFile(join(folder, 'panda small.jpg'));
    const app = await runApp(folder, { SEMBLANCE_OCR: 'off' });
    const fox = await readFile(join(GALLERY, 'animals/fox.webp'));
    const small = await sharp(fox).resize(300).jpeg().toBuffer();
    const notes = new URLSearchParams({ local: 'true', categories: 'woods', comments: 'by the river' });
    for (const [bytes, query] of [
      [fox, 'local=true'],
      [small, String(notes)],
    ] as const) {
      const body = new FormData();
      body.set('image_file', new File([new Uint8Array(bytes)], 'fox.webp', { type: 'image/webp' }));
      const response = await fetch(`${app.url}/admin/upload?${query}`, { method: 'POST', body });
      expect(response.status).toBe(200);
    }
    const count = async () => (await (await fetch(`${app.url}/admin/server_info`)).json()).image_count;
    await vi.waitFor(async () => expect(await count()).toBe(4), { timeout: 60_000 });
    return app;
  });
  const open = async () => {
    const { page } = await site.open('/?place=duplicates');
    await page.getByText(/^2 groups · 2 could go/).waitFor();
    return page;
  };

  it('suggests which one to keep, and why', async () => {
    const page = await open();
    await page.getByText(/Cropped, bordered, mirrored and rotated copies are not looked for/).waitFor();
    const group = page.locator('.duplicate-group', { hasText: 'in your folder' });
    const [first, second] = [
      group.locator('.copy', { hasText: 'panda.webp' }),
      group.locator('.copy', { hasText: 'panda small.jpg' }),
    ];
    expect(await first.locator('.copy-fate').textContent()).toBe('Keep');
    await first.getByText('largest').waitFor();
    expect(await second.locator('.copy-fate').textContent()).toBe('Trash');
    // One of them always stays.
    await first.locator('.copy-fate').click();
    expect(await first.locator('.copy-fate').textContent()).toBe('Keep');
    await second.locator('.copy-fate').click();
    await first.locator('.copy-fate').click();
    expect(await first.locator('.copy-fate').textContent()).toBe('Trash');
  });

  it('compares two side by side, zoomed and moved in step', async () => {
    const page = await open();
    await page.getByRole('button', { name: 'Compare' }).first().click();
    const frames = () =>
      page
        .locator('.compare-stage img')
        .evaluateAll(images => images.map(image => image.getAttribute('style')));
    await page
      .locator('.compare-stage')
      .first()
      .hover({ position: { x: 100, y: 100 } });
    await page.mouse.wheel(0, -300);
    await expect.poll(async () => (await frames())[0]).toMatch(/scale: 2\.7/);
    await page.mouse.down();
    await page.mouse.move(300, 300, { steps: 4 });
    await page.mouse.up();
    await page.keyboard.press('ArrowLeft');
    const [left, right] = await frames();
    expect(left).toBe(right);
    await page.keyboard.press('0');
    await expect.poll(async () => (await frames())[1]).toMatch(/scale: 1;/);
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
  });

  it('exports a list for files that are deleted elsewhere', async () => {
    const page = await open();
    const download = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Export the list' }).click();
    const text = await readFile(await (await download).path(), 'utf8');
    expect(text).toContain('panda small.jpg,panda.webp,');
  });

  it('trashes the others of a group, and gives their annotations to the keeper', async () => {
    const page = await open();
    const group = page.locator('.duplicate-group', { hasNotText: 'in your folder' });
    // The small one has a category and a note, so it is suggested; the large one is to stay all the same.
    const copies = group.locator('.copy');
    const small = copies.filter({ hasText: '300 ×' });
    await copies.filter({ hasNotText: '300 ×' }).locator('.copy-fate').click();
    await small.locator('.copy-fate').click();
    await group.getByRole('button', { name: 'Trash 1' }).click();
    await page.getByText(/^1 groups? · 1 could go/).waitFor();
    await page.goto(`${site.app.url}/?category=woods`);
    await page.locator('.tile[data-state="loaded"]').waitFor();
    await page.locator('.tile-link').click();
    await expect.poll(() => page.getByRole('textbox', { name: 'Notes' }).inputValue()).toBe('by the river');
    expect(await page.getByRole('dialog').textContent()).not.toContain('300 ×');
  });
});
