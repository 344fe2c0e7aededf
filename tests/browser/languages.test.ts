import { copyFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { GALLERY } from '../../functions/local/compose.ts';
import type { RunningApp } from '../../functions/local/start-app.ts';
import { chromiumPath, openBrowser } from './chromium.ts';
import { type GalleryPage, openGallery } from './gallery-page.ts';
import { runApp } from './running-app.ts';

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
  let folder: string;
  let browser: Browser;
  let app: RunningApp;
  let gallery: GalleryPage;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'semblance-languages-'));
    for (const name of ['fox', 'panda', 'owl'])
      await copyFile(join(GALLERY, `animals/${name}.webp`), join(folder, `${name}.webp`));
    await writeFile(join(folder, 'broken.jpg'), Buffer.from('ffd8ffe000104a464946', 'hex'));
    [browser, app] = await Promise.all([openBrowser(), runApp(folder, { SEMBLANCE_OCR: 'off' })]);
    await app.indexed;
  });
  afterAll(async () => {
    await browser?.close();
    await app?.stop();
    if (folder) await rm(folder, { recursive: true, force: true });
  });
  afterEach(() => gallery.close());

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
    it(`words what it says and what the server says by codes, ${locale}`, async () => {
      gallery = await openGallery(browser, app.url, { locale });
      const { page } = gallery;
      await page.getByText(tagline).waitFor();
      expect(await page.locator('html').getAttribute('lang')).toBe(
        locale === 'zh-CN' ? locale : locale.slice(0, 2),
      );
      await page.locator('.menu button').click();
      await page.locator('[role="menuitem"]').nth(1).click();
      await page.locator('.failures li', { hasText: 'broken.jpg' }).getByText(broken).waitFor();
      await page.keyboard.press('Escape');
      await page.getByRole('searchbox').fill('собака');
      await page.getByText(unknown).waitFor();
    });

    it(`cuts no words off, on a phone either, ${locale}`, async () => {
      for (const viewport of [
        { width: 1440, height: 900 },
        { width: 820, height: 1180 },
        { width: 390, height: 844 },
      ]) {
        gallery = await openGallery(browser, app.url, { locale, viewport });
        const { page } = gallery;
        await page.locator('.tile-link').first().click();
        await page.locator('.facts-actions').waitFor();
        expect(await overflowing(page), `${viewport.width} px`).toEqual([]);
        if (viewport.width !== 390) await gallery.close();
      }
    });
  }

  it('tells why indexing waits', async () => {
    gallery = await openGallery(browser, `${app.url}/healthz`, { locale: 'de-DE' });
    const { page } = gallery;
    await page.route('**/api/admin/server_info', async route => {
      const response = await route.fetch();
      const info = await response.json();
      const waits = { code: 'disk_full', message: 'No space is left', advice: 'Free some space.' };
      await route.fulfill({ response, json: { ...info, indexing_waits_for: waits } });
    });
    await page.goto(app.url);
    await page.getByText('Die Festplatte des Servers ist voll.').waitFor();
  });

  it('asks nothing of anybody but its own server', async () => {
    gallery = await openGallery(browser, `${app.url}/healthz`);
    const { page, complaints } = gallery;
    const others: string[] = [];
    page.on('request', request => {
      const { protocol, origin } = new URL(request.url());
      if (protocol.startsWith('http') && origin !== app.url) others.push(request.url());
    });
    const response = await page.goto(app.url);
    const policy = response?.headers()['content-security-policy'] ?? '';
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("script-src 'self'");
    expect(policy).not.toContain('unsafe');
    await page.locator('.tile-link').first().click();
    await page.locator('.stage-layers img:not([hidden])').first().waitFor();
    expect(others).toEqual([]);
    expect(complaints).toEqual([]);
  });
});
