import { copyFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { GALLERY } from '../../functions/local/compose.ts';
import { chromiumPath } from './chromium.ts';
import { runApp } from './running-app.ts';
import { useApp } from './use-app.ts';

const LANGUAGES = [
  { locale: 'zh-CN', tagline: '用画面内容来找图片。', unknown: /不懂俄语/, broken: /文件已损坏或不完整/ },
  {
    locale: 'de-DE',
    tagline: /Bilder finden nach dem/,
    unknown: /kennt Russisch nicht/,
    broken: /beschädigt/,
  },
  { locale: 'fr-FR', tagline: /Trouvez vos images/, unknown: /\(russe\)/, broken: /endommagé ou incomplet/ },
  { locale: 'es-ES', tagline: /Encuentra imágenes/, unknown: /\(ruso\)/, broken: /dañado o incompleto/ },
  { locale: 'ja-JP', tagline: /画像を探せます/, unknown: /ロシア語を知らない/, broken: /壊れているか不完全/ },
] as const;

describe.skipIf(chromiumPath === null)('the page in other languages', () => {
  const site = useApp(async folder => {
    for (const name of ['fox', 'panda', 'owl'])
      await copyFile(join(GALLERY, `animals/${name}.webp`), join(folder, `${name}.webp`));
    await writeFile(join(folder, 'broken.jpg'), Buffer.from('ffd8ffe000104a464946', 'hex'));
    return runApp(folder, { SEMBLANCE_OCR: 'off' });
  });

  /** What is wider than the window or than its own box, in words. */
  const overflowing = (page: Page) =>
    page.evaluate(() => {
      const wide = document.documentElement.scrollWidth > innerWidth ? ['the page'] : [];
      const cut = [
        ...document.querySelectorAll<HTMLElement>('.facts button, .facts a, .top button, .places a'),
      ]
        .filter(element => element.scrollWidth > element.clientWidth + 1 && element.clientWidth > 0)
        .map(element => element.textContent ?? '');
      return [...wide, ...cut];
    });

  for (const { locale, tagline, unknown, broken } of LANGUAGES) {
    it(`words what it says and what the server says by codes, and cuts no words off, ${locale}`, async () => {
      const { page } = await site.open('/', { locale });
      await page.getByText(tagline).waitFor();
      expect(await page.locator('html').getAttribute('lang')).toBe(
        locale === 'zh-CN' ? locale : locale.slice(0, 2),
      );
      await page.locator('.menu button').click();
      // Of the one image that could not be indexed; it appears when the server has reported it.
      await page.getByRole('menuitem', { name: '1' }).click();
      await page.locator('.failures li', { hasText: 'broken.jpg' }).getByText(broken).waitFor();
      await page.keyboard.press('Escape');
      await page.getByRole('searchbox').fill('собака');
      await page.getByText(unknown).waitFor();

      // A desktop, a tablet and a phone.
      await page.goto(site.app.url);
      await page.locator('.tile-link').first().click();
      await page.locator('.facts-actions').waitFor();
      for (const [width, height] of [
        [1440, 900],
        [820, 1180],
        [390, 844],
      ] as const) {
        await page.setViewportSize({ width, height });
        await page.waitForFunction(to => innerWidth === to, width);
        // The grid behind is laid out again a moment after the window.
        await expect.poll(() => overflowing(page), { message: `${width} px` }).toEqual([]);
      }
    });
  }

  it('says why indexing waits', async () => {
    const { page } = await site.open('/healthz', { locale: 'de-DE' });
    await page.route('**/api/admin/server_info', async route => {
      const response = await route.fetch();
      const info = await response.json();
      const waits = { code: 'disk_full', message: 'No space is left', advice: 'Free some space.' };
      await route.fulfill({ response, json: { ...info, indexing_waits_for: waits } });
    });
    await page.goto(site.app.url);
    await page.getByText('Die Festplatte des Servers ist voll.').waitFor();
  });

  it('sends requests to its own server only', async () => {
    const { page } = await site.open('/healthz', { serviceWorkers: 'allow' });
    const others: string[] = [];
    page.on('request', request => {
      const { protocol, origin } = new URL(request.url());
      if (protocol.startsWith('http') && origin !== site.app.url) others.push(request.url());
    });
    const response = await page.goto(site.app.url);
    const policy = response?.headers()['content-security-policy'] ?? '';
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("script-src 'self'");
    expect(policy).not.toContain('unsafe');
    await page.locator('.tile-link').first().click();
    await page.locator('.stage-layers img:not([hidden])').first().waitFor();
    expect(others).toEqual([]);
  });
});
