import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import type { BrowserContextOptions, Locator, Page } from 'playwright-core';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { GALLERY } from '../../functions/local/compose.ts';
import { chromiumPath } from './chromium.ts';
import { runApp } from './running-app.ts';
import { useApp } from './use-app.ts';

/** A photo of 4000 × 3000 px, with what a camera writes into one; red in its lower right quarter. */
async function makePhoto(file: string): Promise<void> {
  const red = await sharp({ create: { width: 2000, height: 1500, channels: 3, background: '#c00' } })
    .png()
    .toBuffer();
  await sharp({ create: { width: 4000, height: 3000, channels: 3, background: '#246' } })
    .composite([{ input: red, left: 2000, top: 1500 }])
    .withExif({
      IFD0: { Make: 'Canon', Model: 'Canon EOS R5' },
      IFD2: {
        DateTimeOriginal: '2024:03:01 20:30:00',
        OffsetTimeOriginal: '+08:00',
        ExposureTime: '1/250',
        FNumber: '28/10',
        ISOSpeedRatings: '400',
        FocalLength: '50/1',
        LensModel: 'RF50mm F1.2',
      },
      IFD3: {
        GPSLatitudeRef: 'N',
        GPSLatitude: '31/1 15/1 0/1',
        GPSLongitudeRef: 'E',
        GPSLongitude: '121/1 30/1 0/1',
      },
    })
    .jpeg()
    .toFile(file);
}

/** Images of the page are decoded only when its window gets an event `decode`, and from then on. */
const holdDecoding = (page: Page) =>
  page.addInitScript(() => {
    const released = new Promise(resolve => addEventListener('decode', resolve, { once: true }));
    const { decode } = HTMLImageElement.prototype;
    HTMLImageElement.prototype.decode = async function () {
      await released;
      return decode.call(this);
    };
  });

describe.skipIf(chromiumPath === null)('the large view', () => {
  let ids: Record<string, string>;
  const site = useApp(async folder => {
    await makePhoto(join(folder, 'photo.jpg'));
    await sharp(join(folder, 'photo.jpg')).resize(1600).tiff().toFile(join(folder, 'scan.tiff'));
    await sharp({ create: { width: 1600, height: 900, channels: 4, background: '#00000000' } })
      .png()
      .toFile(join(folder, 'clear.png'));
    await cp(join(GALLERY, 'words/coffee-menu.webp'), join(folder, 'menu.webp'));
    await cp(join(import.meta.dirname, '../fixtures/words/thai.png'), join(folder, 'thai.png'));
    const app = await runApp(folder);
    await app.indexed;
    const { images } = await (await fetch(`${app.url}/api/images?count=100`)).json();
    ids = Object.fromEntries(images.map((image: { name: string; id: string }) => [image.name, image.id]));
    return app;
  });

  /** The large view of an image, and the names of the files that it loaded for it. */
  const openView = async (name: string, options: BrowserContextOptions = {}) => {
    const { page } = await site.open('/healthz', options);
    const loaded: string[] = [];
    page.on('request', request => {
      const [, file] = /\/static\/(.*)\.\w+(?:$|\?)/.exec(request.url()) ?? [];
      if (file?.includes(ids[name] ?? '-')) loaded.push(file.replace(ids[name] ?? '', '').replace('/', ''));
    });
    await page.goto(`${site.app.url}/?view=${ids[name]}`);
    await page.locator('.stage-layers img:not([hidden])').first().waitFor();
    return { page, loaded };
  };
  const layer = (page: Page, name: 'thumbnail' | 'preview' | 'full') =>
    page.locator(`.stage-layers img[data-layer="${name}"]`);
  const isLoaded = (image: Locator) =>
    expect.poll(() => image.evaluate((img: HTMLImageElement) => img.naturalWidth)).toBeGreaterThan(0);
  const box = async (at: Locator) => {
    const found = await at.boundingBox();
    if (!found) throw new Error('it is not in the page');
    return found;
  };
  const middle = ({ x, y, width, height }: Awaited<ReturnType<typeof box>>) => [
    Math.round(x + width / 2),
    Math.round(y + height / 2),
  ];

  it('loads thumbnail and preview, and the original only where it is zoomed beyond the preview', async () => {
    const { page, loaded } = await openView('photo.jpg');
    await isLoaded(layer(page, 'preview'));
    // The grid behind may ask for the same files.
    expect(new Set(loaded)).toEqual(new Set(['thumbnails', 'previews']));
    await page.keyboard.press('+');
    await page.keyboard.press('+');
    await isLoaded(layer(page, 'full'));
    expect(loaded.filter(file => file === '')).toHaveLength(1);
    await expect.poll(() => layer(page, 'preview').isHidden()).toBe(true);
  });

  it('shows in full resolution what browsers do not show themselves', async () => {
    const { page, loaded } = await openView('scan.tiff');
    await page.keyboard.press('1');
    await isLoaded(layer(page, 'full'));
    expect(loaded).toContain('renditions');
    expect(await layer(page, 'full').evaluate((img: HTMLImageElement) => img.naturalWidth)).toBe(1600);
  });

  it('opens centred, and zooms by double click at the point, by the wheel and by keys', async () => {
    const { page } = await openView('photo.jpg');
    const image = page.locator('.stage-image');
    const stage = await box(page.locator('.stage'));
    const whole = await box(image);
    expect(middle(whole)).toEqual(middle(stage));
    // A quarter of the way from the image's upper left corner: it stays under the pointer.
    const [x, y] = [whole.x + whole.width / 4, whole.y + whole.height / 4];
    await page.mouse.dblclick(x, y);
    const zoomed = await box(image);
    expect(zoomed.width).toBeCloseTo(4000, 0);
    expect((x - zoomed.x) / zoomed.width).toBeCloseTo(1 / 4, 2);
    expect((y - zoomed.y) / zoomed.height).toBeCloseTo(1 / 4, 2);
    await page.mouse.dblclick(x, y);
    expect((await box(image)).width).toBeCloseTo(whole.width, 0);

    await page.mouse.move(x, y);
    await page.mouse.wheel(0, -300);
    await expect.poll(async () => (await box(image)).width).toBeGreaterThan(whole.width * 1.5);
    const wheeled = await box(image);
    expect((x - wheeled.x) / wheeled.width).toBeCloseTo(1 / 4, 2);
    await page.keyboard.press('0');
    expect((await box(image)).width).toBeCloseTo(whole.width, 0);
    await page.keyboard.press('+');
    expect(middle(await box(image))).toEqual(middle(stage));
    expect((await box(image)).width).toBeCloseTo(whole.width * 1.5, 0);
  });

  it('moves a zoomed image by drag and arrow keys, and never beyond its edge', async () => {
    const { page } = await openView('photo.jpg');
    const image = page.locator('.stage-image');
    await page.keyboard.press('1');
    const before = await box(image);
    const [x = 0, y = 0] = middle(await box(page.locator('.stage')));
    await page.mouse.move(x, y);
    await page.mouse.down();
    await page.mouse.move(x - 200, y - 100, { steps: 4 });
    await page.mouse.up();
    const after = await box(image);
    expect([after.x - before.x, after.y - before.y].map(Math.round)).toEqual([-200, -100]);
    await page.keyboard.press('ArrowLeft');
    expect((await box(image)).x).toBeGreaterThan(after.x);
    for (let press = 0; press < 40; press++) await page.keyboard.press('ArrowRight');
    const { x: left, width } = await box(image);
    const stage = await box(page.locator('.stage'));
    expect(left + width).toBeGreaterThan(stage.x + stage.width / 2);
    await page.getByRole('dialog', { name: 'photo.jpg' }).waitFor();
  });

  it('loses no event of several that come before the page is drawn', async () => {
    const { page } = await openView('photo.jpg');
    const image = page.locator('.stage-image');
    const whole = await box(image);
    await page.locator('.stage').evaluate(stage => {
      for (let i = 0; i < 4; i++)
        stage.dispatchEvent(new WheelEvent('wheel', { deltaY: -100, bubbles: true, cancelable: true }));
    });
    await expect.poll(async () => (await box(image)).width / whole.width).toBeCloseTo(Math.exp(0.8), 1);
  });

  it('zooms by two fingers, and walks by a swipe of one', async () => {
    const { page } = await openView('photo.jpg', {
      viewport: { width: 390, height: 844 },
      hasTouch: true,
      isMobile: true,
    });
    const image = page.locator('.stage-image');
    const whole = await box(image);
    const devtools = await page.context().newCDPSession(page);
    const touch = (type: 'touchStart' | 'touchMove' | 'touchEnd', ...points: [number, number][]) =>
      devtools.send('Input.dispatchTouchEvent', {
        type,
        touchPoints: points.map(([x, y], id) => ({ x, y, id })),
      });
    await touch('touchStart', [180, 260], [210, 260]);
    for (let way = 10; way <= 60; way += 10) await touch('touchMove', [180 - way, 260], [210 + way, 260]);
    await touch('touchEnd');
    await expect.poll(async () => (await box(image)).width).toBeGreaterThan(whole.width * 2);
    await page.keyboard.press('0');
    const [first] = await page.locator('.view-after, .view-before').all();
    const isFirst = await page.locator('.view-after').count();
    expect(first).toBeDefined();
    const step = isFirst > 0 ? -1 : 1;
    await touch('touchStart', [200, 260]);
    for (let way = 20; way <= 120; way += 20) await touch('touchMove', [200 + step * way, 262]);
    await touch('touchEnd');
    await page.getByRole('dialog', { name: 'photo.jpg' }).waitFor({ state: 'detached' });
    await page.getByRole('dialog').waitFor();
  });

  it('turns the view', async () => {
    const { page } = await openView('photo.jpg');
    const image = page.locator('.stage-image');
    const before = await box(image);
    expect(before.width).toBeGreaterThan(before.height);
    await page.getByRole('button', { name: 'Turn' }).click();
    const turned = await box(image);
    expect(turned.height / turned.width).toBeCloseTo(before.width / before.height, 2);
    const stage = await box(page.locator('.stage'));
    expect(turned.height).toBeLessThanOrEqual(stage.height);
  });

  it('runs a slideshow over the full screen until Escape', async () => {
    const { page } = await openView('photo.jpg');
    await page.clock.install();
    await page.getByRole('button', { name: 'Slideshow' }).click();
    await page.waitForFunction(() => document.fullscreenElement?.className === 'view-stage');
    await expect
      .poll(async () => {
        await page.clock.runFor(6000);
        return page.getByRole('dialog').getAttribute('aria-label');
      })
      .not.toBe('photo.jpg');
    await page.keyboard.press('s');
    await page.waitForFunction(() => document.fullscreenElement === null);
    await page.getByRole('button', { name: 'Slideshow' }).waitFor();
  });

  it('shows camera, lens, exposure, the time by the clock of the place, where it is, and the path', async () => {
    const { page } = await openView('photo.jpg', { timezoneId: 'America/Los_Angeles' });
    const facts = page.getByRole('region', { name: 'About this image' });
    const text = ((await facts.textContent()) ?? '').replaceAll('\u00a0', ' ').replaceAll('\u202f', ' ');
    expect(text).toContain('Canon EOS R5');
    expect(text).toContain('RF50mm F1.2');
    expect(text).toContain('1/250 s · f/2.8 · ISO 400 · 50 mm');
    expect(text).toContain('Mar 1, 2024, 8:30 PM');
    const place = facts.getByRole('link', { name: /31\.25000° N, 121\.50000° E/ });
    expect(await place.getAttribute('href')).toMatch(/^https:\/\/www\.openstreetmap\.org\/\?mlat=31\.25/);
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await facts.getByRole('button', { name: 'Copy the path' }).click();
    await expect.poll(() => page.evaluate(() => navigator.clipboard.readText())).toBe('photo.jpg');
  });

  it('says "file date" where nothing better is known', async () => {
    const { page } = await openView('clear.png');
    await page.getByText('File date', { exact: true }).waitFor();
    expect(await page.getByText('Taken', { exact: true }).count()).toBe(0);
  });

  it('shows transparency on a ground of its own, not on a blurred likeness', async () => {
    const { page } = await openView('clear.png');
    await page.keyboard.press('1');
    await isLoaded(layer(page, 'full'));
    const ground = () =>
      page.locator('.stage-layers').evaluate(element => getComputedStyle(element).backgroundImage);
    await expect.poll(ground).toContain('repeating-conic-gradient');
  });

  it('keeps what it shows until the next layer is decoded', async () => {
    const { page } = await site.open('/healthz');
    await holdDecoding(page);
    await page.goto(`${site.app.url}/?view=${ids['clear.png']}`);
    const tile = page.locator(`.tile[data-id="${ids['clear.png']}"]`);
    const ground = (at: Locator) => at.evaluate(element => getComputedStyle(element).backgroundImage);
    const layers = page.locator('.stage-layers');
    await isLoaded(layer(page, 'preview'));
    await isLoaded(tile.locator('img'));
    await page.keyboard.press('1');
    await isLoaded(layer(page, 'full'));
    expect(await ground(layers)).not.toContain('conic-gradient');
    expect(await ground(tile)).not.toContain('conic-gradient');
    await page.evaluate(() => dispatchEvent(new Event('decode')));
    await expect.poll(() => ground(layers)).toContain('conic-gradient');
    await expect.poll(() => ground(tile)).toContain('conic-gradient');
  });

  it('lets the words in an image be selected where they are', async () => {
    const { page } = await openView('menu.webp');
    const word = page.locator('.stage-words text', { hasText: 'Cappuccino' });
    await word.waitFor({ state: 'attached' });
    const { x, y, width, height } = await box(word);
    await page.mouse.move(x + 2, y + height / 2);
    await page.mouse.down();
    await page.mouse.move(x + width - 2, y + height / 2, { steps: 5 });
    await page.mouse.up();
    expect(await page.evaluate(() => getSelection()?.toString())).toContain('appuccin');
    await page.getByRole('button', { name: 'Mark the words' }).click();
    expect(await page.locator('.line-read').count()).toBeGreaterThan(5);
  });

  it('shows lines that could not be read, and where they are', async () => {
    const { page } = await openView('thai.png');
    await page.getByText(/lines? of words could not be read/).waitFor();
    await page.getByRole('button', { name: 'Mark the words' }).click();
    await page.locator('.line-unread').first().waitFor({ state: 'attached' });
  });

  it('lists the keys over the view too', async () => {
    const { page } = await openView('photo.jpg');
    await page.keyboard.press('?');
    await page.getByRole('dialog', { name: 'How to search' }).getByText('In the large view').waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog', { name: 'photo.jpg' }).waitFor();
  });
});
