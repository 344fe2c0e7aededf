import { createRequire } from 'node:module';
import type { AxeResults } from 'axe-core';
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { chromiumPath } from './chromium.ts';
import type { PageOptions } from './gallery-page.ts';
import { runGallery } from './indexed-gallery.ts';
import { useApp } from './use-app.ts';

const AXE = createRequire(import.meta.url).resolve('axe-core/axe.min.js');

type State = {
  readonly name: string;
  readonly path: string;
  readonly act?: (page: Page) => Promise<void>;
  /** What the browser complains of on the way. */
  readonly complaints?: RegExp;
};

const firstTile = (page: Page) => page.locator('.tile[data-state="loaded"]').first();

/** The states that the user meets, each with what brings the page there. */
const STATES: readonly State[] = [
  { name: 'the start page', path: '/', act: page => firstTile(page).waitFor() },
  { name: 'a search', path: '/?q=dog', act: page => firstTile(page).waitFor() },
  {
    name: 'a search that finds nothing',
    path: '/?q=dog&starred=1',
    act: page => page.locator('.empty').waitFor(),
  },
  {
    name: 'filters and chips',
    path: '/?q=dog&format=webp',
    async act(page) {
      await firstTile(page).hover();
      await page
        .getByRole('button', { name: /^More like this: / })
        .first()
        .click();
      await page.locator('.chip').waitFor();
      await page.locator('.chip-body').first().click();
    },
  },
  {
    name: 'a selection, with its categories open',
    path: '/?q=dog',
    async act(page) {
      await firstTile(page).hover();
      await page
        .getByRole('button', { name: /^Select / })
        .first()
        .click();
      await page.getByRole('button', { name: 'Categories' }).click();
      await page.getByRole('dialog', { name: 'Categories' }).waitFor();
    },
  },
  {
    name: 'the menu',
    path: '/?q=dog',
    async act(page) {
      await page.getByRole('button', { name: 'More', exact: true }).click();
      await page.getByRole('menu').waitFor();
    },
  },
  { name: 'the albums', path: '/?place=albums', act: page => page.locator('.album').first().waitFor() },
  {
    name: 'the duplicates',
    path: '/?place=duplicates',
    act: page => page.getByText(/No two images|groups/).waitFor(),
  },
  {
    name: 'an image large, zoomed and turned',
    path: '/?q=dog',
    async act(page) {
      await firstTile(page).locator('.tile-link').click();
      await page.locator('.stage-layers img:not([hidden])').first().waitFor();
      await page.getByRole('button', { name: 'Turn' }).click();
      await page.keyboard.press('+');
    },
  },
  {
    name: 'the list of keys',
    path: '/',
    async act(page) {
      await firstTile(page).waitFor();
      await page.keyboard.press('?');
      await page.getByRole('dialog', { name: 'How to search' }).waitFor();
    },
  },
  {
    name: 'links to share',
    path: '/?q=dog',
    async act(page) {
      await page.getByRole('button', { name: 'More', exact: true }).click();
      await page.getByRole('menuitem', { name: 'Share links' }).click();
      await page.getByRole('button', { name: /^Make a link/ }).click();
      await page.getByRole('button', { name: 'Revoke' }).first().waitFor();
    },
  },
  { name: 'the trash', path: '/?place=trash', act: page => page.getByText('The trash is empty').waitFor() },
  {
    name: 'languages',
    path: '/',
    async act(page) {
      await page.getByRole('button', { name: 'More', exact: true }).click();
      await page.getByRole('menuitem', { name: /^Language/ }).click();
      await page.getByRole('button', { name: 'Deutsch' }).waitFor();
    },
  },
  {
    name: 'images being added',
    path: '/',
    complaints: /status of 4/,
    async act(page) {
      await page
        .getByLabel('Add images')
        .setInputFiles({ name: 'broken.png', mimeType: 'image/png', buffer: Buffer.from('words') });
      await page.getByText('1 failed').waitFor();
    },
  },
  { name: 'the map', path: '/?place=map', act: page => page.locator('canvas.map').waitFor() },
];

const WINDOWS = [
  { colorScheme: 'light', width: 1440, height: 900 },
  { colorScheme: 'dark', width: 820, height: 1180 },
  { colorScheme: 'light', width: 390, height: 844 },
] as const;

/** Every state in one of the windows, each window in turn; in the soak every state in all of them. */
const inWindows = () =>
  STATES.flatMap((state, at) =>
    WINDOWS.filter((_, i) => process.env['SEMBLANCE_SOAK'] || i === at % WINDOWS.length).map(window => ({
      state,
      ...window,
    })),
  );

describe.skipIf(chromiumPath === null)('axe finds nothing to complain of', () => {
  // Content security policy forbids the page to be helped from outside; axe is a helper from outside.
  const site = useApp(
    async () => {
      const app = await runGallery({ SEMBLANCE_SHARING: 'on' });
      const { points } = await app.local.index.scroll({ limit: 3 });
      const set = { add_categories: ['favourites'] };
      await fetch(`${app.url}/admin/images`, {
        method: 'PUT',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify({ ids: points.map(({ id }) => id), set }),
      });
      return app;
    },
    { bypassCSP: true },
  );

  const violations = async ({ path, act, complaints }: State, options: PageOptions) => {
    if (complaints) site.expectComplaints(complaints);
    const { page } = await site.open(path, options);
    await act?.(page);
    await page.addScriptTag({ path: AXE });
    const results = await page.evaluate(() =>
      (globalThis as unknown as { axe: { run(): Promise<AxeResults> } }).axe.run(),
    );
    return results.violations.flatMap(({ id, nodes }) =>
      nodes.map(node => `${id}: ${node.html.slice(0, 160)}`),
    );
  };

  it.each(inWindows())('in $state.name, $colorScheme, $width px wide', async ({ state, ...window }) => {
    const { colorScheme, width, height } = window;
    expect(await violations(state, { colorScheme, viewport: { width, height } })).toEqual([]);
  });
});
