import { copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { GALLERY } from '../../functions/local/compose.ts';
import { chromiumPath } from './chromium.ts';
import { runApp } from './running-app.ts';
import { useApp } from './use-app.ts';

describe.skipIf(chromiumPath === null)('links to a protected library', () => {
  let fox: string;
  const site = useApp(async folder => {
    for (const name of ['fox', 'panda', 'owl'])
      await copyFile(join(GALLERY, `animals/${name}.webp`), join(folder, `${name}.webp`));
    const app = await runApp(folder, {
      SEMBLANCE_OCR: 'off',
      SEMBLANCE_SHARING: 'on',
      SEMBLANCE_ACCESS_TOKENS: 'let-me-in',
      SEMBLANCE_ADMIN_TOKENS: 'let-me-change',
    });
    await app.indexed;
    const response = await fetch(`${app.url}/api/images`, { headers: { 'X-Access-Token': 'let-me-in' } });
    const { images } = await response.json();
    fox = images.find((image: { name: string }) => image.name === 'fox.webp').id;
    return app;
  });

  const openWith = async (tokens: Record<string, string>, path: string) => {
    site.expectComplaints(/status of 401/);
    const { page } = await site.open('/healthz');
    await page.evaluate(kept => {
      for (const [name, token] of Object.entries(kept))
        localStorage.setItem(`semblance.${name}-token`, token);
    }, tokens);
    await page.goto(site.app.url + path);
    return page;
  };
  const kept = (page: Page) => page.evaluate(() => localStorage.getItem('semblance.access-token'));

  it('a link to an image asks for the token, rejects a wrong one before it is kept, then shows the image', async () => {
    const page = await openWith({}, `/?view=${fox}`);
    const token = page.getByLabel('Access token');
    await token.fill('guess');
    await token.press('Enter');
    await page.getByText('This token is not accepted.').waitFor();
    expect(await kept(page)).toBeNull();
    await token.fill('let-me-in');
    await token.press('Enter');
    await page.getByRole('dialog', { name: 'fox.webp' }).waitFor();
    expect(await kept(page)).toBe('let-me-in');
  });

  it('a token that was revoked is reported, and asked for again', async () => {
    const page = await openWith({ access: 'revoked-since' }, '/');
    await page.getByText('The token that this browser kept is not accepted any more.').waitFor();
    await page.getByLabel('Access token').fill('let-me-in');
    await page.getByLabel('Access token').press('Enter');
    await page.locator('.tile').first().waitFor();
  });

  it('and one that is revoked while the page is open', async () => {
    const page = await openWith({ access: 'let-me-in' }, '/');
    await page.locator('.tile').first().waitFor();
    await page.evaluate(() => localStorage.setItem('semblance.access-token', 'revoked-since'));
    await page.getByRole('searchbox').fill('fox');
    await page.getByText('The token that this browser kept is not accepted any more.').waitFor();
  });

  const both = { access: 'let-me-in', admin: 'let-me-change' };
  /** In a browser that keeps no tokens. */
  const openAsStranger = async (link: string) => (await site.open(link, { locale: 'en-GB' })).page;

  it('an image is shared by a link for a while, which shows it without a token until it is revoked', async () => {
    const page = await openWith(both, `/?view=${fox}`);
    // Of the link that is revoked.
    site.expectComplaints(/status of 404/);
    await page.getByRole('button', { name: 'Share', exact: true }).click();
    const sheet = page.getByRole('dialog', { name: 'Share links' });
    await sheet.getByText('No link works at the moment.').waitFor();
    await sheet.getByLabel('Works for').selectOption('1 hour');
    await sheet.getByRole('button', { name: 'Make a link: This image' }).click();
    const link = (await sheet.getByRole('link').textContent()) ?? '';

    const stranger = await openAsStranger(link);
    await stranger.getByRole('heading', { name: 'fox.webp' }).waitFor();
    await stranger.getByRole('button', { name: 'Open fox.webp' }).click();
    await stranger.getByRole('dialog', { name: 'fox.webp' }).waitFor();
    await stranger.locator('.stage-layers img:not([hidden])').first().waitFor();
    await stranger.keyboard.press('+');
    await stranger.locator('.stage[data-zoomed]').waitFor();

    await sheet.getByRole('button', { name: 'Revoke' }).click();
    await sheet.getByText('No link works at the moment.').waitFor();
    await stranger.reload();
    await stranger.getByRole('alert').waitFor();
    expect(await stranger.locator('.shared-grid li').count()).toBe(0);
  });

  it('a search is shared, too', async () => {
    const page = await openWith(both, '/?q=panda');
    await page.locator('.tile').first().waitFor();
    await page.getByRole('button', { name: 'More', exact: true }).click();
    await page.getByRole('menuitem', { name: 'Share links' }).click();
    const sheet = page.getByRole('dialog', { name: 'Share links' });
    await sheet.getByRole('button', { name: 'Make a link: What this search finds' }).click();
    const link = (await sheet.getByRole('link').textContent()) ?? '';
    const stranger = await openAsStranger(link);
    const first = stranger.locator('.shared-grid button').first();
    await first.waitFor();
    expect(await first.getAttribute('aria-label')).toBe('Open panda.webp');
  });
});
