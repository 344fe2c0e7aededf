// Takes the screenshots of the page that the READMEs show, from the demo gallery:
//
//   node scripts/screenshots.ts [FOLDER, default docs/images]
//
// It needs a Chromium; see tests/browser/chromium.ts for where it looks.
import { cp, mkdir, mkdtemp, readdir, rm, utimes } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import sharp from 'sharp';
import { GALLERY } from '../functions/local/compose.ts';
import { openBrowser } from '../tests/browser/chromium.ts';
import { runApp } from '../tests/browser/running-app.ts';

const out = process.argv[2] ?? join(import.meta.dirname, '../docs/images');
const SIZE = { width: 1440, height: 900 };

type Shot = {
  readonly name: string;
  readonly path: string;
  readonly colorScheme?: 'dark';
  readonly act: (page: Page) => Promise<void>;
};

const loaded = (page: Page) => page.locator('.tile[data-state="loaded"]').nth(8).waitFor();

const SHOTS: readonly Shot[] = [
  { name: 'start', path: '/', act: loaded },
  {
    name: 'timeline',
    path: '/',
    async act(page) {
      await loaded(page);
      await page.evaluate(() => scrollTo(0, 700));
      await page.getByRole('slider', { name: 'Time line' }).hover({ position: { x: 40, y: 300 } });
      await loaded(page);
    },
  },
  {
    name: 'search',
    path: '/?q=dog',
    async act(page) {
      await loaded(page);
      const ids = await page
        .locator('.tile')
        .evaluateAll(tiles => tiles.slice(3, 6).map(tile => tile.getAttribute('data-id')));
      await page.goto(new URL(`/?q=dog&like=${ids[0]}*1.5`, page.url()).href);
      await loaded(page);
    },
  },
  {
    name: 'view',
    path: '/?q=panda',
    colorScheme: 'dark',
    async act(page) {
      await loaded(page);
      await page.locator('.tile-link').first().click();
      await page.getByRole('dialog').waitFor();
      await page.locator('.similar img').nth(5).waitFor();
    },
  },
  {
    name: 'duplicates',
    path: '/?place=duplicates',
    act: page => page.locator('.duplicate-group').first().waitFor(),
  },
  {
    name: 'map',
    path: '/?place=map',
    colorScheme: 'dark',
    act: page => page.locator('canvas.map').waitFor({ timeout: 120_000 }),
  },
];

/** The demo gallery as if it had been taken over three years, with a few copies. */
async function makeLibrary(folder: string): Promise<void> {
  await cp(GALLERY, folder, { recursive: true });
  for (const name of ['fox', 'panda', 'lion'])
    await sharp(join(GALLERY, `animals/${name}.webp`))
      .resize(320)
      .jpeg()
      .toFile(join(folder, `animals/${name} copy.jpg`));
  const files = (await readdir(folder, { recursive: true }))
    .filter(name => /\.(webp|jpg)$/.test(name))
    .sort();
  for (const [i, name] of files.entries()) {
    const taken = new Date(Date.UTC(2026, 5, 20) - Math.floor(i / 8) * 9 * 86_400_000);
    await utimes(join(folder, name), taken, taken);
  }
}

const folder = await mkdtemp(join(tmpdir(), 'semblance-screenshots-'));
await makeLibrary(folder);
await mkdir(out, { recursive: true });
const [browser, app] = await Promise.all([openBrowser(), runApp(folder, { SEMBLANCE_OCR: 'off' })]);
try {
  await app.indexed;
  for (const { name, path, colorScheme = 'light', act } of SHOTS) {
    const context = await browser.newContext({
      viewport: SIZE,
      colorScheme,
      locale: 'en-US',
      reducedMotion: 'reduce',
    });
    const page = await context.newPage();
    page.setDefaultTimeout(60_000);
    await page.goto(app.url + path);
    await act(page);
    await page.waitForFunction(() => [...document.images].every(image => image.complete));
    await sharp(await page.screenshot())
      .webp({ quality: 82 })
      .toFile(join(out, `${name}.webp`));
    console.log(`${join(out, `${name}.webp`)}`);
    await context.close();
  }
} finally {
  await browser.close();
  await app.stop();
  await rm(folder, { recursive: true, force: true });
}
