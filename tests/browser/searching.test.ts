import { describe, expect, it } from 'vitest';
import { chromiumPath } from './chromium.ts';
import { runGallery } from './indexed-gallery.ts';
import { useApp } from './use-app.ts';

/** An id that no image of the gallery has. */
const GONE = '00000000-0000-5000-8000-000000000000';

describe.skipIf(chromiumPath === null)('searching', () => {
  const site = useApp(() => runGallery());
  const { open } = site;

  it('searches for a part that is drawn on an image, by pointer and by keys', async () => {
    const { page, first, names } = await open('/?q=cat and dog');
    await page.locator('.tile', { hasText: 'cat-and-dog.webp' }).first().locator('.tile-link').click();
    await page.getByRole('button', { name: 'Search a part' }).click();
    const image = (await page.locator('.region').boundingBox())!;
    // The right half, where the dog is.
    await page.mouse.move(image.x + image.width * 0.52, image.y + image.height * 0.1);
    await page.mouse.down();
    await page.mouse.move(image.x + image.width * 0.98, image.y + image.height * 0.95, { steps: 5 });
    await page.mouse.up();
    await page.keyboard.press('Shift+ArrowLeft');
    await page.keyboard.press('Enter');
    await page.waitForURL(/like=[^&]*\*1\*0\.5/);
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await page.getByText('part of an image').waitFor();
    await expect.poll(async () => (await names()).slice(0, 5).join()).toMatch(/dog/);
    await page.reload();
    await page.getByText('part of an image').waitFor();
    await expect.poll(async () => (await names()).slice(0, 5).join()).toMatch(/dog/);
    await first('');
  });

  it('weighs each part of a search, by slider and by keys', async () => {
    const { page, first } = await open('/?q=cat');
    await first('cat');
    await page.locator('.tile').first().hover();
    const id = await page.locator('.tile').first().getAttribute('data-id');
    await page.goto(`${site.app.url}/?q=dog&like=${id}`);
    const chip = page.locator('.chip').last();
    await chip.getByRole('button', { name: /weight 1$/ }).focus();
    await page.keyboard.press('ArrowUp');
    await page.waitForURL(/\*1\.25/);
    await chip.getByRole('button', { name: /^Less like this: / }).click();
    await page.waitForURL(/\*-1\.25/);
    await page.locator('.chip[data-against]').waitFor();
    await chip.getByRole('button', { name: /weight 1.25$/ }).click();
    await chip.getByRole('slider', { name: 'Weight' }).fill('2');
    await page.waitForURL(/\*2/);
    await page.getByRole('searchbox').focus();
    await chip.getByRole('slider').waitFor({ state: 'detached' });
    await chip.getByRole('button', { name: /^Remove from the search/ }).click();
    await page.waitForURL(/\?q=dog$/);
  });

  it('folds the images of a search on a phone', async () => {
    const { page } = await open('/?q=cat', {
      viewport: { width: 390, height: 844 },
      hasTouch: true,
      isMobile: true,
    });
    await page.locator('.tile-link').nth(5).waitFor();
    const ids = await page
      .locator('.tile:not(.skeleton)')
      .evaluateAll(tiles => tiles.slice(0, 6).map(tile => tile.getAttribute('data-id')));
    await page.goto(`${site.app.url}/?${ids.map(id => `like=${id}`).join('&')}`);
    await page.getByRole('button', { name: '+4' }).click();
    await expect.poll(() => page.locator('.chip').count()).toBe(6);
    await page.getByRole('button', { name: 'Fewer' }).click();
    await expect.poll(() => page.locator('.chip').count()).toBe(2);
  });

  it('goes on without an image that is gone, says so, and takes it out of the search when asked to', async () => {
    site.expectComplaints(/status of 404/);
    const { page, first } = await open(`/?q=cat&like=${GONE}`);
    await first('cat');
    await page.getByText('An image of this search is no longer here.').waitFor();
    await page.locator('.chip[data-left-out=gone]').waitFor();
    await page.locator('.notice').getByRole('button', { name: 'Remove from the search' }).click();
    await page.waitForURL(/\?q=cat$/);
    await page.locator('.notice').waitFor({ state: 'detached' });
    await first('cat');
  });

  it('goes on without an image that this tab does not have, beside others', async () => {
    site.expectComplaints(/status of 404/);
    const { page } = await open('/?q=dog');
    const id = await page.locator('.tile:not(.skeleton)').first().getAttribute('data-id');
    await page.goto(`${site.app.url}/?q=dog&picture=lost&like=${GONE}&like=${id}`);
    await page.getByText('2 images of this search are no longer here.').waitFor();
    await expect.poll(() => page.locator('.chip[data-left-out=gone]').count()).toBe(2);
    await page.locator('.tile-link').first().click();
    await expect
      .poll(() => page.locator('.reasons li > span:first-child').allTextContents())
      .toEqual(['dog', 'like this']);
  });

  it('leaves it out of all parts of the list, and searches by it only once', async () => {
    site.expectComplaints(/status of 404/);
    const { page, allNames } = await open('/healthz');
    const missed: string[] = [];
    page.on('response', response => {
      if (response.status() === 404) missed.push(new URL(response.url()).pathname);
    });
    await page.goto(`${site.app.url}/?q=cat&picture=lost&like=${GONE}`);
    expect((await allNames()).length).toBeGreaterThan(120);
    const searches = missed.filter(path => path.endsWith('/search/query'));
    expect(searches).toHaveLength(1);
    expect(await page.getByRole('alert').count()).toBe(0);
  });

  it('names no image as gone that was so for a later part alone, and begins the list again', async () => {
    site.expectComplaints(/status of 404/);
    const { page, first, allNames } = await open('/?q=dog');
    await first('dog');
    const id = await page.locator('.tile:not(.skeleton)').first().getAttribute('data-id');
    const gone = { status: 404, json: { detail: 'There is no such image', code: 'not_found' } };
    let beginnings = 0;
    // The image is deleted when the second part is requested, and restored after it was looked up.
    let state: 'there' | 'deleted' | 'restored' = 'there';
    await page.route('**/search/query', async route => {
      const body = route.request().postData() ?? '';
      if (body.includes('"skip":0')) beginnings += 1;
      if (state !== 'there' || !body.includes('"skip":60')) return route.continue();
      state = 'deleted';
      return route.fulfill(gone);
    });
    await page.route(`**/images/id/${id}`, async route => {
      if (state !== 'deleted') return route.continue();
      state = 'restored';
      return route.fulfill(gone);
    });
    await page.goto(`${site.app.url}/?q=cat&like=${id}`);
    await first('');
    const names = await allNames();
    expect(names.length).toBeGreaterThan(120);
    expect(new Set(names).size).toBe(names.length);
    await expect.poll(() => beginnings).toBe(2);
    expect(state).toBe('restored');
    expect(await page.locator('.chip[data-left-out]').count()).toBe(0);
    expect(await page.locator('.notice', { hasText: 'of this search' }).count()).toBe(0);
  });

  it('goes on without an image that waits to be indexed, says so, and searches again once it is', async () => {
    site.expectComplaints(/status of 409/);
    const { page, first } = await open('/?q=dog');
    await first('dog');
    const id = await page.locator('.tile:not(.skeleton)').first().getAttribute('data-id');
    let waits = true;
    const searches: string[] = [];
    await page.route('**/search/query', async route => {
      const body = route.request().postData() ?? '';
      if (waits && body.includes(String(id)))
        return route.fulfill({ status: 409, json: { detail: 'It waits', code: 'image_queued' } });
      searches.push(body);
      return route.continue();
    });
    await page.route(`**/images/id/${id}`, route =>
      waits
        ? route.fulfill({ json: { message: 'It waits', img_status: 'in_queue', img: null } })
        : route.continue(),
    );
    await page.goto(`${site.app.url}/?q=cat&like=${id}`);
    await first('cat');
    await page.getByText('An image of this search waits to be indexed.').waitFor();
    await page.locator('.chip[data-left-out=waiting]').getByText('waits to be indexed').waitFor();
    expect(searches.join()).not.toContain(id);
    waits = false;
    await page.locator('.chip[data-left-out]').waitFor({ state: 'detached' });
    await page.locator('.notice', { hasText: 'of this search' }).waitFor({ state: 'detached' });
    await page.locator('.chip img').waitFor();
    expect(searches.at(-1)).toContain(id);

    waits = true;
    await page.goto(`${site.app.url}/?like=${id}`);
    await page.getByRole('heading', { name: 'The image of this search waits to be indexed' }).waitFor();
    expect(await page.locator('.tile').count()).toBe(0);
    waits = false;
    await first('dog');
    await page.locator('.chip[data-left-out]').waitFor({ state: 'detached' });
  });

  it('says what is wrong where nothing else is searched for, and lets the image be removed', async () => {
    site.expectComplaints(/status of 404/);
    const { page } = await open(`/?like=${GONE}`);
    await page.getByRole('heading', { name: 'The image of this search is no longer here' }).waitFor();
    await page.getByText('It was deleted, or its file is gone.').waitFor();
    await page
      .locator('.chip[data-left-out=gone]')
      .getByRole('button', { name: /^Remove from the search/ })
      .click();
    await page.waitForURL(/\/$/);
    await page.locator('.tile-link').first().waitFor();

    await page.goto(`${site.app.url}/?picture=lost`);
    await page.getByText('An image you search by stays in the tab where you dropped it.').waitFor();
    await page.locator('main').getByRole('button', { name: 'Remove from the search' }).click();
    await page.waitForURL(/\/$/);
  });

  it('asks once for what was typed in a go, and says how long it took', async () => {
    const { page, first } = await open();
    await page.locator('.tile-link').first().waitFor();
    const asked: string[] = [];
    page.on('request', request => {
      if (request.url().endsWith('/search/query') && request.postData()?.includes('"text"'))
        asked.push(request.postData() ?? '');
    });
    await page.getByRole('searchbox').pressSequentially('penguin', { delay: 20 });
    await first('penguin.webp');
    expect(asked.length).toBeLessThan(4);
    expect(asked.at(-1)).toContain('"penguin"');
    await page.locator('.took', { hasText: /\d sec/ }).waitFor();
  });

  it('cancels a search that the user types beyond', async () => {
    const { page, first } = await open();
    await page.locator('.tile-link').first().waitFor();
    let cancelled = 0;
    page.on('requestfailed', request => {
      if (request.url().endsWith('/search/query')) cancelled += 1;
    });
    // The first search takes long; the second one must not wait for it.
    await page.route('**/search/query', async route => {
      if (route.request().postData()?.includes('"fox"'))
        await new Promise(resolve => setTimeout(resolve, 4_000));
      await route.continue().catch(() => {});
    });
    const slow = page.waitForRequest(request => Boolean(request.postData()?.includes('"fox"')));
    await page.getByRole('searchbox').fill('fox');
    await slow;
    await page.getByRole('searchbox').fill('penguin');
    await first('penguin.webp');
    expect(cancelled).toBe(1);
  });

  it('offers what was searched for lately', async () => {
    const { page, first } = await open();
    const box = page.getByRole('searchbox');
    for (const [text, name] of [
      ['owl', 'owl.webp'],
      ['fox', 'fox.webp'],
    ] as const) {
      await box.fill(text);
      await box.press('Enter');
      await first(name);
    }
    const list = page.getByRole('listbox', { name: 'Recent searches' });
    await box.fill('');
    await list.waitFor();
    await page.getByRole('link', { name: 'Semblance, start page' }).click();
    await box.focus();
    await list.waitFor();
    expect(await list.getByRole('option').allTextContents()).toEqual(['fox', 'owl']);
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await first('owl.webp');
    expect(await box.inputValue()).toBe('owl');
    await page.getByRole('link', { name: 'Semblance, start page' }).click();
    await box.focus();
    await page.getByRole('button', { name: 'Forget these' }).click();
    await list.waitFor({ state: 'detached' });
  });

  it('says why an image was found, each part by its whole name', async () => {
    const meaning = 'dog and cat and panda and fox and lion and tiger and bear and monkey';
    const { page } = await open('/?q=dog');
    const id = await page.locator('.tile:not(.skeleton)').nth(2).getAttribute('data-id');
    await page.goto(`${site.app.url}/?q=${meaning}&like=${id}`);
    await page.locator('.tile-link').first().click();
    const labels = page.locator('.reasons li > span:first-child');
    await labels.nth(1).waitFor();
    expect(await labels.allTextContents()).toEqual([meaning, 'like this']);
    const cut = await labels.evaluateAll(
      all =>
        all.filter(
          label => label.scrollWidth > label.clientWidth + 1 || label.scrollHeight > label.clientHeight + 1,
        ).length,
    );
    expect(cut).toBe(0);
  });

  it('says that nothing fits instead of showing a wall of images, and what to try', async () => {
    const { page } = await open('/');
    const responses: string[] = [];
    page.on('response', async response => {
      if (response.url().endsWith('/search/query')) responses.push(await response.text());
    });
    await page.goto(`${site.app.url}/?q=zzqqxv`);
    await page.getByRole('heading', { name: 'Nothing fits' }).waitFor();
    // The page says what the server's notices say, and nothing else.
    await expect.poll(() => responses.at(-1)).toContain('"notices":[{"code":"nothing_fits"}]');
    expect(await page.locator('.tile').count()).toBe(0);
    await page.getByRole('button', { name: 'Show the nearest all the same' }).click();
    await page.locator('.tile:not(.skeleton)').first().waitFor();
  });

  it('says from where on images are probably not what was meant', async () => {
    const { page } = await open('/?q=rainbow');
    await page.locator('.tile[data-state="loaded"]').first().waitFor();
    const line = page.getByText('From here on probably not what you meant');
    await expect
      .poll(async () => {
        await page.mouse.wheel(0, 300);
        return line.count();
      })
      .toBe(1);
  });

  it('filters by what the library has, and by what it should not have', async () => {
    const { page } = await open('/?q=dog');
    await page.getByRole('button', { name: 'Filters' }).click();
    const folder = page.getByRole('combobox', { name: 'Folder' });
    await folder.selectOption('food');
    await page.waitForURL(/folder=food/);
    await page.getByRole('combobox', { name: 'Not these categories' }).fill('hidden');
    await page.keyboard.press('Enter');
    await page.waitForURL(/without=hidden/);
    await page.getByRole('button', { name: 'Clear filters' }).first().click();
    await page.waitForURL(/\?q=dog$/);
  });
});
