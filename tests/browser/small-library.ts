import { copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page, Route } from 'playwright-core';
import sharp from 'sharp';
import { expect, vi } from 'vitest';
import { GALLERY } from '../../functions/local/compose.ts';
import { runApp } from './running-app.ts';
import { useApp } from './use-app.ts';

type Listed = { readonly id: string; readonly name: string; readonly starred: boolean };

/** The app on a folder of five animals, and what another client may do with it at any moment. */
export function useSmallLibrary() {
  const site = useApp(async folder => {
    for (const name of ['fox', 'owl', 'panda', 'penguin', 'tiger'])
      await copyFile(join(GALLERY, `animals/${name}.webp`), join(folder, `${name}.webp`));
    return runApp(folder, { SEMBLANCE_OCR: 'off' });
  });
  let uploads = 0;

  const request = async (method: string, path: string, body: object): Promise<void> => {
    const response = await fetch(`${site.app.url}/api${path}`, {
      method,
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(body),
    });
    expect(response.status).toBe(200);
  };
  const listed = async (): Promise<readonly Listed[]> =>
    (await (await fetch(`${site.app.url}/api/images?count=100`)).json()).images;
  const imageOf = async (name: string): Promise<Listed> => {
    const image = (await listed()).find(each => each.name === name);
    if (!image) throw new Error(`There is no ${name}`);
    return image;
  };

  return {
    site,
    listed,
    imageOf,
    async open(path = '/'): Promise<Page> {
      return (await site.open(path)).page;
    },
    tile: (page: Page, name: string) => page.locator('.tile', { hasText: name }),
    starred: (page: Page, name: string) => page.locator('.tile[data-starred]', { hasText: name }),
    async change(name: string, fields: object): Promise<void> {
      await request('PUT', `/admin/update_opt/${(await imageOf(name)).id}`, fields);
    },
    /** Adds an image with bytes of its own, and waits until it is indexed. @param like a name in the gallery */
    async upload(name: string, { like = 'bear', width = 400, taken = '' } = {}): Promise<string> {
      const bytes = await sharp(join(GALLERY, `animals/${like}.webp`))
        .resize(width)
        .modulate({ hue: 5 * ++uploads })
        .withExif(taken === '' ? {} : { IFD2: { DateTimeOriginal: taken } })
        .jpeg()
        .toBuffer();
      const body = new FormData();
      body.set('image_file', new File([new Uint8Array(bytes)], name, { type: 'image/jpeg' }));
      const response = await fetch(`${site.app.url}/api/admin/upload?local=true`, { method: 'POST', body });
      const { image_id: id } = await response.json();
      await vi.waitFor(async () => expect((await listed()).map(each => each.id)).toContain(id), {
        timeout: 60_000,
      });
      return id;
    },
    /** Moves uploads to the trash. */
    trash: (...ids: string[]) => request('DELETE', '/admin/images', { ids }),
    /** As a browser tells that the user is back at a tab. */
    comeBack: (page: Page) =>
      page.evaluate(() => document.dispatchEvent(new Event('visibilitychange', { bubbles: true }))),
    /** Holds the next response to such a request, which the server has sent when `arrived` resolves. */
    async hold(page: Page, url: string): Promise<{ arrived: Promise<void>; release: () => void }> {
      const [arrived, released] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
      let isFirst = true;
      await page.route(url, async (route: Route) => {
        if (!isFirst) return route.fallback();
        isFirst = false;
        const response = await route.fetch();
        arrived.resolve();
        await released.promise;
        // The page may have given the request up.
        await route.fulfill({ response }).catch(() => {});
      });
      return { arrived: arrived.promise, release: () => released.resolve() };
    },
  };
}
