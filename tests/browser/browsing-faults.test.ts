import type { Page } from 'playwright-core';
import sharp from 'sharp';
import { describe, expect, it, vi } from 'vitest';
import type { RunningApp } from '../../functions/local/start-app.ts';
import { chromiumPath } from './chromium.ts';
import { runGallery } from './indexed-gallery.ts';
import { useApp } from './use-app.ts';

describe.skipIf(chromiumPath === null)('what the page got wrong before', () => {
  // With motion, as most people see the page: its faults were of what moves.
  const site = useApp(
    async () => {
      const app = await runGallery();
      await upload(app, await transparentCircle());
      return app;
    },
    { reducedMotion: 'no-preference' },
  );
  const { open } = site;
  const scrolled = (page: Page) => page.evaluate(() => Math.round(scrollY));
  const scrollDown = async (page: Page) => {
    await page.locator('.tile-link').first().waitFor();
    await expect
      .poll(async () => {
        await page.mouse.wheel(0, 400);
        return scrolled(page);
      })
      .toBeGreaterThan(900);
    // Wheels scroll smoothly: wait until the page rests.
    let last = -1;
    await expect
      .poll(async () => {
        const before = last;
        last = await scrolled(page);
        return last - before;
      })
      .toBe(0);
  };
  const ids = (page: Page, count: number) =>
    page
      .locator('.tile-link')
      .evaluateAll(
        (links, n) =>
          links.slice(0, n).map(link => new URL((link as HTMLAnchorElement).href).searchParams.get('view')),
        count,
      );

  it('starts a new search at the top', async () => {
    const { page, search, first } = await open('/?q=dog');
    await scrollDown(page);
    await search('penguin');
    await first('penguin.webp');
    expect(await scrolled(page)).toBe(0);
  });

  it('keeps the place in a search through back and reload', async () => {
    const { page, search, first } = await open('/?q=dog');
    await scrollDown(page);
    await expect.poll(() => page.locator('.tile-link').count()).toBeGreaterThan(3);
    const before = await scrolled(page);
    await page.reload();
    await expect.poll(() => scrolled(page)).toBe(before);
    await page.getByRole('searchbox').press('Enter');
    await search('penguin');
    await first('penguin.webp');
    await page.goBack();
    await expect.poll(() => scrolled(page)).toBe(before);
  });

  it('keeps the place through "more like this" and back', async () => {
    const { page } = await open('/?q=dog');
    await scrollDown(page);
    const before = await scrolled(page);
    await page.mouse.move(640, 400);
    await page
      .getByRole('button', { name: /^More like this:/ })
      .first()
      .click();
    await page.waitForURL('**/?like=*');
    await expect.poll(() => scrolled(page)).toBe(0);
    await page.goBack();
    await expect.poll(() => scrolled(page)).toBe(before);
  });

  it.each(['Escape', 'Back', 'reload'] as const)('keeps a note that is left by %s', async way => {
    const { page, first } = await open('/?q=fox');
    await first('fox.webp');
    await page.locator('.tile-link').first().click();
    const note = `left by ${way}`;
    const saved = page.waitForResponse(
      response => response.url().includes('/admin/update_opt/') && response.ok(),
    );
    await page.getByRole('textbox', { name: 'Notes' }).fill(note);
    if (way === 'Escape') await page.keyboard.press('Escape');
    else if (way === 'Back') await page.goBack();
    else await page.reload();
    // A response to a page that is no longer there can't be waited for.
    if (way === 'reload') saved.catch(() => {});
    else await saved;
    await expect
      .poll(async () => {
        await page.goto(`${site.app.url}/?q=fox`);
        await first('fox.webp');
        await page.locator('.tile-link').first().click();
        return page.getByRole('textbox', { name: 'Notes' }).inputValue();
      })
      .toBe(note);
  });

  it.each([
    [1440, 900],
    [820, 1180],
    [390, 844],
  ])('leaves room to type beside eight images to look for, %i px wide', async (width, height) => {
    const { page } = await open('/?q=dog', { viewport: { width, height } });
    await page.locator('.tile-link').nth(7).waitFor();
    const like = (await ids(page, 8)).map(id => `like=${id}`).join('&');
    await page.goto(`${site.app.url}/?${like}&q=dog`);
    await page.locator('.tile-link').first().waitFor();
    const box = await page.getByRole('searchbox').boundingBox();
    const form = await page.locator('.search-box form').boundingBox();
    expect(box?.width).toBeGreaterThan(Math.min(180, width / 3));
    expect((box?.x ?? 0) + (box?.width ?? 0)).toBeLessThanOrEqual((form?.x ?? 0) + (form?.width ?? 0));
    expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(
      0,
    );
    // However many they are, most of the window is for images.
    expect((await page.locator('header.top').boundingBox())?.height).toBeLessThan(height / 3);
    // Where the weight of one is open, none of them stands outside the box.
    await page.locator('.chip-body').first().click();
    await page.locator('.chip-weight').waitFor();
    const ends = await page
      .locator('.chip, .search-box form')
      .evaluateAll(all => all.map(element => element.getBoundingClientRect().bottom));
    expect(Math.max(...ends)).toBe(ends[0]);
  });

  it.each(['light', 'dark'] as const)('shows transparency on a plain ground, in %s', async colorScheme => {
    const { page } = await open('/?format=png', { colorScheme });
    const tile = page.locator('.tile', { hasText: 'transparent.png' });
    await expect.poll(() => tile.getAttribute('data-state')).toBe('loaded');
    await expect
      .poll(() => tile.locator('.tile-link').evaluate(link => getComputedStyle(link).backgroundImage))
      .not.toContain('data:');
    await tile.locator('.tile-link').click();
    const large = page.locator('.stage-layers');
    await large.locator('img[data-layer="full"]:not([hidden])').waitFor();
    await expect
      .poll(() => large.evaluate(element => getComputedStyle(element).backgroundImage))
      .not.toContain('data:');
    // The corner lies outside the circle: what is seen there is the ground, and the circle must differ from it.
    const shot = await sharp(await large.screenshot())
      .removeAlpha()
      .raw()
      .toBuffer({ resolveWithObject: true });
    const at = (x: number, y: number) => shot.data[(y * shot.info.width + x) * 3] ?? 0;
    const corner = at(8, 8);
    const middle = at(Math.round(shot.info.width / 2), Math.round(shot.info.height / 2));
    expect(Math.abs(corner - middle)).toBeGreaterThan(60);
  });

  it('loads on where the browser reports several changes at once', async () => {
    const gallery = await open('about:blank');
    const { page } = gallery;
    // An observer's batch is in the order of what happened: here each begins with what is no longer so.
    await page.addInitScript(() => {
      const Native = window.IntersectionObserver;
      window.IntersectionObserver = class extends Native {
        constructor(callback: IntersectionObserverCallback, options?: IntersectionObserverInit) {
          super((entries, observer) => {
            const stale = entries.map(
              entry =>
                new Proxy(entry, {
                  get: (e, key) => (key === 'isIntersecting' ? false : Reflect.get(e, key)),
                }),
            );
            callback([...stale, ...entries], observer);
          }, options);
        }
      };
    });
    await page.goto(`${site.app.url}/?q=dog`);
    await page.locator('.tile-link').first().waitFor();
    const seen = new Set<string>();
    await expect
      .poll(async () => {
        for (const name of await gallery.names()) seen.add(name);
        await page.mouse.wheel(0, 700);
        return seen.size;
      })
      .toBeGreaterThan(85);
  });
});

/** A black circle on nothing: on its own blurred likeness it could not be seen. */
const transparentCircle = () =>
  sharp(Buffer.from('<svg width="400" height="400"><circle cx="200" cy="200" r="150" fill="#000"/></svg>'))
    .png()
    .toBuffer();

/** Adds an image, and waits until it is indexed. */
async function upload(app: RunningApp, bytes: Buffer): Promise<void> {
  const { images } = await app.local.library.counts();
  const body = new FormData();
  body.set('image_file', new File([new Uint8Array(bytes)], 'transparent.png', { type: 'image/png' }));
  const response = await fetch(`${app.url}/admin/upload?local=true`, { method: 'POST', body });
  expect(response.status).toBe(200);
  await vi.waitFor(async () => expect((await app.local.library.counts()).images).toBe(images + 1), {
    timeout: 60_000,
  });
}
