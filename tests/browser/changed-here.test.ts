import { describe, expect, it } from 'vitest';
import { chromiumPath } from './chromium.ts';
import { useSmallLibrary } from './small-library.ts';

describe.skipIf(chromiumPath === null)('what is changed in the page', () => {
  const { site, open, tile, starred, change, upload, trash, imageOf, listed, hold } = useSmallLibrary();
  const remove = { name: 'Delete', exact: true } as const;
  const trashed = 'moved to the trash';

  it('shows in the filters', async () => {
    const page = await open('/');
    await page.getByRole('button', { name: 'Filters' }).click();
    await page.getByLabel('Not these categories').waitFor();
    await tile(page, 'fox.webp').locator('.tile-link').click();
    await page.getByLabel('Add a category').fill('woods');
    await page.keyboard.press('Enter');
    await page.locator('datalist option[value="woods"]').first().waitFor({ state: 'attached' });
  });

  it('shows in an album: images that left it leave its page', async () => {
    for (const name of ['owl.webp', 'tiger.webp']) await change(name, { categories: ['herd'] });
    const page = await open('/?category=herd');
    await expect.poll(() => page.locator('.tile').count()).toBe(2);
    await tile(page, 'owl.webp').hover();
    await tile(page, 'owl.webp')
      .getByRole('button', { name: /^Select / })
      .click();
    await page.getByRole('button', { name: 'Categories' }).click();
    await page
      .getByRole('dialog', { name: 'Categories' })
      .getByRole('button', { name: 'Remove herd' })
      .click();
    await tile(page, 'owl.webp').waitFor({ state: 'detached' });
    await tile(page, 'tiger.webp').waitFor();
  });

  it('leaves the image open that it takes out of the grid, and the way to its neighbours', async () => {
    await change('panda.webp', { starred: true });
    await change('penguin.webp', { starred: true });
    const page = await open('/?starred=1&order=name');
    await tile(page, 'panda.webp').locator('.tile-link').click();
    const view = page.getByRole('dialog', { name: 'panda.webp' });
    await view.getByRole('button', { name: 'Remove the star' }).click();
    await tile(page, 'panda.webp').waitFor({ state: 'detached' });
    await view.getByRole('button', { name: 'Star', exact: true }).waitFor();
    await page.keyboard.press('ArrowRight');
    await page.getByRole('dialog', { name: 'penguin.webp' }).waitFor();
    await change('penguin.webp', { starred: false });
  });

  it('shows among duplicates, and beside images that look alike', async () => {
    site.expectComplaints(/status of 404/);
    await upload('double one.jpg', { like: 'fox', width: 500 });
    const id = await upload('double two.jpg', { like: 'fox', width: 300 });
    const page = await open('/?place=duplicates');
    await page.getByRole('button', { name: 'Open double two.jpg' }).click();
    await page.getByRole('button', remove).click();
    await page.getByText(trashed).waitFor();
    await page.getByRole('button', { name: 'Open double two.jpg' }).waitFor({ state: 'detached' });

    await page.goto(`${site.app.url}/?order=name`);
    await tile(page, 'fox.webp').locator('.tile-link').click();
    const alike = page.locator('.similar').getByRole('button', { name: 'Open double one.jpg' });
    await alike.first().click();
    await page.getByRole('dialog', { name: 'double one.jpg' }).getByRole('button', remove).click();
    await page.getByText(trashed).waitFor();
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await tile(page, 'fox.webp').locator('.tile-link').click();
    await page.locator('.similar button').first().waitFor();
    await alike.first().waitFor({ state: 'detached' });
    expect((await listed()).map(image => image.id)).not.toContain(id);
  });

  it('stays where an older response comes after it', async () => {
    const page = await open('/?order=name');
    await tile(page, 'tiger.webp').waitFor();
    const held = await hold(page, '**/search/query');
    const id = await upload('refresher.jpg');
    await held.arrived;
    await tile(page, 'tiger.webp').hover();
    const saved = page.waitForResponse(response => response.url().includes('/update_opt/'));
    await tile(page, 'tiger.webp').getByRole('button', { name: /^Star/ }).click();
    await saved;
    held.release();
    await tile(page, 'refresher.jpg').waitFor();
    await starred(page, 'tiger.webp').waitFor();
    await trash(id);
  });

  it('is what the server has, where the first of two edits arrives last', async () => {
    const page = await open('/?order=name');
    await tile(page, 'panda.webp').hover();
    const second = Promise.withResolvers<void>();
    let edits = 0;
    await page.route('**/update_opt/**', async route => {
      edits += 1;
      if (edits === 1) await second.promise;
      await route.fulfill({ response: await route.fetch() });
      second.resolve();
    });
    const star = (name: RegExp) => tile(page, 'panda.webp').getByRole('button', { name });
    await star(/^Star/).click();
    await star(/^Remove the star/).click();
    await expect.poll(async () => (await imageOf('panda.webp')).starred).toBe(true);
    await starred(page, 'panda.webp').waitFor();
    await change('panda.webp', { starred: false });
  });

  it('is undone where the server does not get it', async () => {
    site.expectComplaints(/ERR_FAILED/);
    // In a grid without the image, so that the large view alone has it.
    const page = await open(`/?format=tiff&view=${(await imageOf('owl.webp')).id}`);
    const star = page.getByRole('dialog').getByRole('button', { name: 'Star', exact: true });
    await star.waitFor();
    await page.route('**/api/**', route => route.abort());
    await star.click();
    await page
      .getByText(/does not respond/)
      .first()
      .waitFor({ state: 'attached' });
    await star.waitFor();
  });

  it('closes an image that is deleted once, although the user has closed it before', async () => {
    site.expectComplaints(/status of 404/);
    const id = await upload('leaving.jpg');
    const { page, search } = await site.open('/');
    await search('bear');
    await page.waitForURL(/q=bear/);
    await tile(page, 'leaving.jpg').locator('.tile-link').click();
    const held = await hold(page, '**/admin/images');
    await page.getByRole('button', remove).click();
    await held.arrived;
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    held.release();
    await page.getByText(trashed).waitFor();
    await tile(page, 'leaving.jpg').waitFor({ state: 'detached' });
    expect(page.url()).toMatch(/q=bear/);
    expect((await listed()).map(image => image.id)).not.toContain(id);
  });

  it('comes back by Undo, although the month has as many images as before', async () => {
    site.expectComplaints(/status of 404/);
    const id = await upload('undone.jpg', { taken: '2020:05:01 10:00:00' });
    const page = await open('/');
    await tile(page, 'undone.jpg').waitFor();
    // The counts of the months come only when the image is there again.
    const undone = Promise.withResolvers<void>();
    await page.route('**/images/months*', async route => {
      await undone.promise;
      await route.fallback();
    });
    await tile(page, 'undone.jpg').locator('.tile-link').click();
    await page.getByRole('button', remove).click();
    await tile(page, 'undone.jpg').waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'Undo' }).click();
    await expect.poll(async () => (await listed()).map(each => each.id)).toContain(id);
    undone.resolve();
    await tile(page, 'undone.jpg').waitFor();
    await trash(id);
  });

  it('is for good only for what the trash shows', async () => {
    const page = await open('/?place=trash');
    await page.locator('.trash-name', { hasText: 'undone.jpg' }).waitFor();
    const id = await upload('unseen.jpg', { like: 'lion' });
    await page.route('**/admin/trash', route =>
      route.request().method() === 'GET' ? undefined : route.fallback(),
    );
    await trash(id);
    await page.getByRole('button', { name: 'Empty the trash' }).click();
    const emptied = page.waitForResponse(
      response => response.url().endsWith('/admin/trash') && response.request().method() === 'DELETE',
    );
    await page.getByRole('button', { name: /^Delete \d+ for good/ }).click({ delay: 700 });
    await emptied;
    const { images } = await (await fetch(`${site.app.url}/api/admin/trash`)).json();
    expect(images.map((image: { name: string }) => image.name)).toEqual(['unseen.jpg']);
  });

  it('closes its own dialog alone once it is saved', async () => {
    const page = await open('/?q=owl');
    await tile(page, 'owl.webp').waitFor();
    const held = await hold(page, '**/admin/saved-searches');
    await page.getByRole('button', { name: 'Save this search' }).click();
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await held.arrived;
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await page.keyboard.press('?');
    const help = page.getByRole('dialog', { name: 'How to search' });
    await help.waitFor();
    const saved = page.waitForResponse(response => response.url().endsWith('/admin/saved-searches'));
    held.release();
    await saved;
    await page.evaluate(
      () => new Promise(resolve => requestAnimationFrame(() => requestAnimationFrame(resolve))),
    );
    expect(await help.count()).toBe(1);
  });
});
