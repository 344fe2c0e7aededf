import { describe, expect, it } from 'vitest';
import { chromiumPath } from './chromium.ts';
import { useSmallLibrary } from './small-library.ts';

describe.skipIf(chromiumPath === null)('the page shows what changed', () => {
  const { site, open, tile, starred, change, upload, trash, imageOf, comeBack } = useSmallLibrary();

  it('by another client: an annotation', async () => {
    const listening = Promise.withResolvers<void>();
    const page = await open('/healthz');
    page.on('response', response => response.url().endsWith('/admin/events') && listening.resolve());
    await page.goto(`${site.app.url}/?order=name`);
    await tile(page, 'penguin.webp').waitFor();
    await listening.promise;
    await change('penguin.webp', { starred: true });
    await starred(page, 'penguin.webp').waitFor();
  });

  it('in another tab', async () => {
    const [page, other] = [await open('/?place=albums'), await open('/?q=owl')];
    await page.getByText('Search for something, then save it here by name.').waitFor();
    await tile(other, 'owl.webp').waitFor();
    await other.getByRole('button', { name: 'Save this search' }).click();
    await other.getByLabel('Name').fill('at night');
    await other.getByRole('button', { name: 'Save', exact: true }).click();
    await page.getByRole('button', { name: 'at night', exact: true }).waitFor();
  });

  /** A page that hears of nothing by itself. */
  const openDeaf = async (path: string) => {
    site.expectComplaints(/ERR_FAILED/);
    const page = await open('/healthz');
    await page.route('**/admin/events', route => route.abort());
    await page.goto(site.app.url + path);
    return page;
  };

  it('while the tab was hidden: stars, albums and notes', async () => {
    const grid = await openDeaf('/?order=name');
    const albums = await openDeaf('/?place=albums');
    const view = await openDeaf(`/?view=${(await imageOf('owl.webp')).id}`);
    await tile(grid, 'owl.webp').waitFor();
    await albums.getByRole('heading', { name: 'Albums', level: 1 }).waitFor();
    await view.getByLabel('Notes').waitFor();
    await change('owl.webp', { starred: true, categories: ['night'], comments: 'seen elsewhere' });
    for (const page of [grid, albums, view]) await comeBack(page);
    await starred(grid, 'owl.webp').waitFor();
    await albums.locator('.album', { hasText: 'night' }).waitFor();
    await expect.poll(() => view.getByLabel('Notes').inputValue()).toBe('seen elsewhere');
  });

  it('while another list was shown', async () => {
    const page = await openDeaf('/healthz');
    await page.clock.install();
    await page.goto(site.app.url);
    await tile(page, 'fox.webp').waitFor();
    await page.getByRole('searchbox').fill('penguin');
    await page.getByText('best match first').waitFor();
    const id = await upload('between.jpg');
    await page.clock.fastForward(20_000);
    await page.getByRole('link', { name: 'Semblance, start page' }).click();
    await tile(page, 'between.jpg').waitFor();
    await trash(id);
  });

  it('while images are indexed and deleted: counts, the trash and the map', async () => {
    const grid = await open('/?order=name');
    const bin = await open('/?place=trash');
    const map = await open('/?place=map');
    await grid.getByText('5 images', { exact: true }).waitFor();
    await bin.getByRole('heading', { name: 'Trash' }).waitFor();
    await map.getByRole('application', { name: /^Map of 5 images/ }).waitFor();
    const id = await upload('passing.jpg');
    await grid.getByText('6 images', { exact: true }).waitFor();
    await map.getByRole('application', { name: /^Map of 6 images/ }).waitFor();
    await trash(id);
    await grid.getByText('5 images', { exact: true }).waitFor();
    await map.getByRole('application', { name: /^Map of 5 images/ }).waitFor();
    await bin.locator('.trash-name', { hasText: 'passing.jpg' }).waitFor();
  });

  it('above, when the user scrolls back to the top', async () => {
    const { page } = await site.open('/?order=added', { viewport: { width: 390, height: 500 } });
    await page.locator('.tile[data-state="loaded"]').first().waitFor();
    await page.evaluate(() => scrollTo(0, document.documentElement.scrollHeight));
    await expect.poll(() => page.evaluate(() => scrollY)).toBeGreaterThan(400);
    const refreshed = page.waitForResponse(response => response.url().endsWith('/admin/failures'));
    const id = await upload('above.jpg');
    await refreshed;
    await page.evaluate(() => scrollTo(0, 0));
    await tile(page, 'above.jpg').waitFor();
    await trash(id);
  });

  it('although responses take longer than from one change to the next', async () => {
    const page = await open('/?order=added');
    await tile(page, 'fox.webp').waitFor();
    await page.route('**/search/query', async route => {
      const response = await route.fetch();
      await new Promise(resolve => setTimeout(resolve, 4000));
      await route.fulfill({ response }).catch(() => {});
    });
    // Each connection tells of one more image, and ends.
    await page.route('**/admin/events', route =>
      route.fulfill({ contentType: 'text/event-stream', body: 'retry: 100\ndata: {"type":"indexed"}\n\n' }),
    );
    const id = await upload('slow.jpg');
    await page.reload();
    await tile(page, 'slow.jpg').waitFor();
    await trash(id);
    await tile(page, 'slow.jpg').waitFor({ state: 'detached' });
    await page.unrouteAll({ behavior: 'ignoreErrors' });
  });

  it('after a connection that was gone without an error', async () => {
    const page = await open('/healthz');
    await page.clock.install();
    let isFirst = true;
    await page.route('**/admin/events', async route => {
      if (!isFirst) return route.fallback();
      isFirst = false;
    });
    await page.goto(site.app.url);
    await tile(page, 'fox.webp').waitFor();
    const id = await upload('asleep.jpg');
    await expect
      .poll(async () => {
        await page.clock.fastForward(20_000);
        return tile(page, 'asleep.jpg').count();
      })
      .toBe(1);
    await trash(id);
  });

  it('while it was not connected: that indexing goes on', async () => {
    const page = await open('/healthz');
    const [known, seen] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    page.on('response', response => response.url().endsWith('/admin/server_info') && known.resolve());
    const paused = { type: 'paused', code: 'index_unavailable', message: 'It is away.', advice: 'Wait.' };
    let isFirst = true;
    await page.route('**/admin/events', async route => {
      await (isFirst ? known : seen).promise;
      if (!isFirst) return route.fallback();
      isFirst = false;
      return route.fulfill({
        contentType: 'text/event-stream',
        body: `retry: 100\ndata: ${JSON.stringify(paused)}\n\n`,
      });
    });
    await page.goto(site.app.url);
    const notice = page.getByText('Indexing waits');
    await notice.waitFor();
    seen.resolve();
    await notice.waitFor({ state: 'detached' });
  });

  it('on a server of this machine where there is no network', async () => {
    const { page, search, first } = await site.open('/');
    await tile(page, 'fox.webp').waitFor();
    await page.evaluate(() => dispatchEvent(new Event('offline')));
    await search('penguin');
    await first('penguin.webp');
    await page.evaluate(() => dispatchEvent(new Event('online')));
  });

  it('once a server that was away is back, in every place', async () => {
    site.expectComplaints(/ERR_FAILED/);
    await change('owl.webp', { categories: ['night'] });
    const page = await open('/healthz');
    await page.route('**/api/albums', route => route.abort());
    await page.goto(`${site.app.url}/?place=albums`);
    await page.locator('.alarm').waitFor();
    await page.unroute('**/api/albums');
    await page.locator('.album', { hasText: 'night' }).waitFor();
    await page.locator('.alarm').waitFor({ state: 'detached' });
  });
});
