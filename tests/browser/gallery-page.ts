import { readFile } from 'node:fs/promises';
import type { BrowserContext, BrowserContextOptions, Page } from 'playwright-core';

/** A page of the app, in words that a test reads like. */
export type GalleryPage = {
  readonly page: Page;
  /** What the browser complained of: script errors, rejected content, failed requests. */
  readonly complaints: string[];
  search(text: string): Promise<void>;
  /** Names of the images in the grid that are near the window, in their order. */
  names(): Promise<string[]>;
  /** Names of all images of the grid, which this scrolls through to its end. */
  allNames(): Promise<string[]>;
  /** Waits until the grid begins with this image. */
  first(name: string): Promise<void>;
  /** Drops a file on the page, as a person would. */
  drop(file: string, type: string): Promise<void>;
};

export type PageOptions = Pick<BrowserContextOptions, 'viewport' | 'colorScheme'>;

export async function openGallery(
  context: BrowserContext,
  url: string,
  { viewport, colorScheme }: PageOptions = {},
): Promise<GalleryPage> {
  const page = await context.newPage();
  if (viewport) await page.setViewportSize(viewport);
  if (colorScheme) await page.emulateMedia({ colorScheme });
  const complaints: string[] = [];
  page.on('pageerror', error => complaints.push(error.message));
  page.on('console', message => {
    if (message.type() === 'error') complaints.push(message.text());
  });
  await page.goto(url);

  const names = () => page.locator('.tile .tile-name').allTextContents();
  return {
    page,
    complaints,
    names,
    async allNames() {
      await page.evaluate(() => scrollTo(0, 0));
      const seen = new Map<string, string>();
      for (;;) {
        const tiles = await page
          .locator('.tile:not(.skeleton)')
          .evaluateAll(all =>
            all.map(
              tile =>
                [
                  tile.getAttribute('data-id') ?? '',
                  tile.querySelector('.tile-name')?.textContent ?? '',
                ] as const,
            ),
          );
        for (const [id, name] of tiles) seen.set(id, name);
        const busy = (await page.locator('.band-blank, .tile.skeleton').count()) > 0;
        const atEnd = await page.evaluate(() => {
          const end = Math.ceil(scrollY + innerHeight) >= document.documentElement.scrollHeight;
          scrollBy({ top: innerHeight / 2, behavior: 'instant' });
          return end;
        });
        if (atEnd && !busy) return [...seen.values()];
        await page.evaluate(
          () => new Promise(resolve => requestAnimationFrame(() => requestAnimationFrame(resolve))),
        );
      }
    },
    search: text => page.getByRole('searchbox').fill(text),
    first: name => page.locator(`.grid-row:first-child .tile:first-child`, { hasText: name }).waitFor(),
    async drop(file, type) {
      const bytes = [...(await readFile(file))];
      await page.evaluate(
        ([content, mime]) => {
          const dataTransfer = new DataTransfer();
          dataTransfer.items.add(new File([new Uint8Array(content)], 'dropped', { type: mime }));
          for (const name of ['dragenter', 'dragover', 'drop'])
            document.body.dispatchEvent(
              new DragEvent(name, { dataTransfer, bubbles: true, cancelable: true }),
            );
        },
        [bytes, type] as const,
      );
    },
  };
}
