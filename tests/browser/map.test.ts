import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { GALLERY } from '../../functions/local/compose.ts';
import { chromiumPath } from './chromium.ts';
import { runApp } from './running-app.ts';
import { useApp } from './use-app.ts';

describe.skipIf(chromiumPath === null)('the map', () => {
  const site = useApp(async folder => {
    await cp(join(GALLERY, 'animals'), folder, { recursive: true });
    return runApp(folder, { SEMBLANCE_OCR: 'off' });
  });
  const open = async () => {
    const { page } = await site.open('/?place=map');
    const map = page.getByRole('application', { name: /^Map of 54 images/ });
    await map.waitFor();
    return { page, map };
  };
  /** Where the images stand, as the browser keeps it for the next visit. */
  const positions = (page: Page) =>
    page.evaluate(
      () =>
        new Promise<string>((resolve, reject) => {
          const opening = indexedDB.open('semblance');
          opening.onerror = () => reject(opening.error);
          opening.onsuccess = () => {
            const request = opening.result.transaction('planes').objectStore('planes').get('plane');
            request.onsuccess = () => resolve([...request.result.positions].join());
          };
        }),
    );

  it('looks the same at every visit, and in every browser', async () => {
    const first = await open();
    const before = await positions(first.page);
    await first.page.reload();
    await first.map.waitFor();
    expect(await positions(first.page)).toBe(before);
    await first.page.context().close();
    const second = await open();
    expect(await positions(second.page)).toBe(before);
  });

  it('selects the images that a line is drawn around', async () => {
    const { page, map } = await open();
    await page.getByRole('button', { name: 'Select by drawing a line around images' }).click();
    const box = (await map.boundingBox())!;
    const corner = (x: number, y: number) => [box.x + box.width * x, box.y + box.height * y] as const;
    await page.mouse.move(...corner(0.01, 0.01));
    await page.mouse.down();
    for (const [x, y] of [
      [0.99, 0.01],
      [0.99, 0.85],
      [0.7, 0.99],
      [0.01, 0.99],
    ] as const)
      await page.mouse.move(...corner(x, y), { steps: 4 });
    await page.mouse.up();
    await page.getByText(/^(5[0-4]|4\d) selected$/).waitFor();
    await page.getByRole('button', { name: 'More like these' }).click();
    await page.waitForURL(/\?like=/);
  });

  it('opens the thumbnail that is clicked, although another image stands nearer behind it', async () => {
    const { page, map } = await open();
    const box = (await map.boundingBox())!;
    const name = page.locator('.map-name');
    let at = { x: box.x + box.width / 2, y: box.y + box.height / 2 };
    await expect
      .poll(async () => {
        at = { x: at.x + 17, y: at.y + 5 };
        await page.mouse.move(at.x, at.y);
        return name.textContent();
      })
      .toMatch(/webp/);
    const pointed = (await name.textContent()) ?? '';
    await page.mouse.click(at.x, at.y);
    await page.getByRole('dialog', { name: pointed }).waitFor();
  });

  it('is moved and zoomed by keys, and opens what is in its middle', async () => {
    const { page, map } = await open();
    await map.focus();
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('ArrowLeft');
    await page.locator('.map-name', { hasText: '.webp' }).waitFor();
    const name = (await page.locator('.map-name').textContent()) ?? '';
    await page.keyboard.press('+');
    await page.keyboard.press('Enter');
    await page.getByRole('dialog', { name }).waitFor();
  });
});
