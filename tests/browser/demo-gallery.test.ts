import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { GALLERY } from '../../functions/local/compose.ts';
import { chromiumPath } from './chromium.ts';
import { runGallery } from './indexed-gallery.ts';
import { useApp } from './use-app.ts';

describe.skipIf(chromiumPath === null)('the page on the demo gallery', () => {
  const site = useApp(() => runGallery());
  const { open } = site;

  it('finds images while the user types, in English and in Chinese', async () => {
    const { page, search, first } = await open();
    await search('penguin');
    await first('penguin.webp');
    await search('彩虹');
    await first('rainbow.webp');
    expect(new URL(page.url()).searchParams.get('q')).toBe('彩虹');
    expect(await page.title()).toContain('彩虹');
    expect(await page.locator('.results-head [role="status"]').textContent()).toMatch(/\d+\+? images/);
  });

  it('shows dogs to who types dog or 狗', async () => {
    const { page, search, names } = await open();
    for (const word of ['dog', '狗']) {
      await search(word);
      await page.waitForURL(`**/?q=${encodeURIComponent(word)}`);
      await expect.poll(async () => (await names()).slice(0, 4).join(' ')).toMatch(/dog.*dog/);
    }
  });

  it('offers searches to try', async () => {
    const { page } = await open();
    const offered = page.locator('.suggestions button[lang="zh"]').first();
    const text = (await offered.textContent()) ?? '';
    await offered.click();
    await page.waitForURL(`**/?q=${encodeURIComponent(text)}`);
    expect(await page.getByRole('searchbox').inputValue()).toBe(text);
    await page.locator('.tile-link').first().waitFor();
  });

  it('walks back and forward through searches', async () => {
    const { page, search, first } = await open();
    const box = page.getByRole('searchbox');
    await search('rocket');
    await first('rocket.webp');
    await box.press('Enter');
    await search('strawberry');
    await first('strawberry.webp');
    await page.goBack();
    await first('rocket.webp');
    expect(await box.inputValue()).toBe('rocket');
    await page.goForward();
    await first('strawberry.webp');
    await page.goBack();
    await page.goBack();
    await page.locator('.top[data-home]').waitFor();
  });

  it('searches by a dropped image, also after a reload', async () => {
    const { page, drop, first } = await open();
    await drop(join(GALLERY, 'animals/panda.webp'), 'image/webp');
    await first('panda.webp');
    await page.reload();
    await first('panda.webp');
    await page.getByRole('button', { name: 'Remove from the search' }).click();
    await page.locator('.top[data-home]').waitFor();
  });

  it('searches by a pasted image and refines it with words', async () => {
    const { page, search, first, names } = await open();
    const bytes = [...(await sharp(join(GALLERY, 'animals/panda.webp')).png().toBuffer())];
    await page.evaluate(content => {
      const clipboardData = new DataTransfer();
      clipboardData.items.add(new File([new Uint8Array(content)], 'pasted.png', { type: 'image/png' }));
      document.body.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true }));
    }, bytes);
    await first('panda.webp');
    await page.getByText('your image').waitFor();
    await search('bear');
    await page.waitForURL(/q=bear/);
    await expect.poll(async () => (await names()).slice(0, 8)).toContain('panda-and-bear.webp');
    expect([...new URL(page.url()).searchParams.keys()]).toEqual(['q', 'picture']);
  });

  it('rejects what is no image, in a sentence', async () => {
    const { page, drop } = await open();
    await page.locator('.top[data-home]').waitFor();
    await drop(join(GALLERY, '../README.md'), 'text/markdown');
    const complaint = page.locator('.banner', { hasText: 'dropped is not an image.' });
    await complaint.getByRole('button', { name: 'Dismiss' }).click();
    await complaint.waitFor({ state: 'detached' });
    site.expectComplaints(/status of 422/);
    await drop(join(GALLERY, '../README.md'), 'image/png');
    await page.getByRole('heading', { name: 'The search failed' }).waitFor();
  });

  it('says so where the image of a link stayed in another tab', async () => {
    const { page } = await open('/?picture=elsewhere');
    await page.getByRole('heading', { name: 'no longer here' }).waitFor();
  });

  it('finds more like an image, without it', async () => {
    const { page, names, first } = await open('/?q=penguin');
    await first('penguin.webp');
    await page.locator('.tile').first().hover();
    await page.locator('.tile').first().getByRole('button', { name: 'More like this' }).click();
    await page.waitForURL('**/?like=*');
    await first('penguins.webp');
    expect(await names()).not.toContain('penguin.webp');
  });

  it('shows an image large, with its facts, and walks along the results by arrow keys', async () => {
    const { page, first } = await open('/?q=penguin');
    await first('penguin.webp');
    const tile = page.locator('.tile-link').first();
    await tile.click();
    const view = page.getByRole('dialog', { name: 'penguin.webp' });
    await view.getByRole('heading', { name: 'penguin.webp' }).waitFor();
    expect(await view.textContent()).toMatch(/\d+ × \d+ · WEBP · \d+ KB/);
    await view.locator('.similar img').first().waitFor();
    await page.keyboard.press('ArrowRight');
    await page.waitForURL(url => url.searchParams.has('view'));
    await view.waitFor({ state: 'detached' });
    await page.keyboard.press('ArrowLeft');
    await view.waitFor();
    await page.keyboard.press('ArrowRight');
    await view.waitFor({ state: 'detached' });
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    expect(new URL(page.url()).search).toBe('?q=penguin');
    const second = page.locator('.tile-link').nth(1);
    expect(await second.evaluate(element => element === document.activeElement)).toBe(true);
  });

  it('opens an image by its link alone', async () => {
    const { page, first } = await open('/?q=owl');
    await first('owl.webp');
    await page.locator('.tile-link').first().click();
    await page.waitForURL(/view=/);
    const view = new URL(page.url()).searchParams.get('view');
    await page.goto(`${site.app.url}/?view=${view}`);
    await page.getByRole('dialog', { name: 'owl.webp' }).waitFor();
    await page.getByRole('button', { name: 'Close' }).click();
    await page.locator('.top[data-home]').waitFor();
  });

  it('is used by keys alone', async () => {
    const { page, first } = await open();
    await page.locator('.top[data-home]').waitFor();
    await page.keyboard.press('/');
    await page.keyboard.type('fox');
    await first('fox.webp');
    await page.locator('.tile-link').first().focus();
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowUp');
    await page.keyboard.press('ArrowLeft');
    await page.keyboard.press('Enter');
    await page.getByRole('dialog', { name: 'fox.webp' }).waitFor();
  });

  it('loads on while the user scrolls, every image once, until all are shown, and every full row stays', async () => {
    const files = await readdir(GALLERY, { recursive: true });
    const images = files.filter(name => name.endsWith('.webp')).length;
    const { page, allNames } = await open('/?q=dog');
    await page.locator('.tile-link').first().waitFor();
    const places = () =>
      page.locator('.tile-link').evaluateAll(links =>
        links.slice(0, 20).map(link => {
          const box = link.getBoundingClientRect();
          return [box.x, box.y + scrollY, box.width, box.height].map(Math.round).join();
        }),
      );
    const before = await places();
    expect((await allNames()).length).toBe(images);
    await page.getByText(`${images} images, best match first`).waitFor();
    await page.evaluate(() => scrollTo(0, 0));
    await expect.poll(places).toEqual(before);
  });

  it('stars an image and filters by stars', async () => {
    const { page, first, names } = await open('/?q=guitar');
    await first('guitar.webp');
    await page.locator('.tile').first().hover();
    await page.locator('.tile').first().getByRole('button', { name: 'Star' }).click();
    await page.locator('.tile[data-starred]').first().waitFor();
    await page.getByRole('button', { name: 'Filters' }).click();
    await page.getByText('Starred only').click();
    await expect.poll(names).toEqual(['guitar.webp']);
    expect(new URL(page.url()).searchParams.get('starred')).toBe('1');
    await page.getByRole('radio', { name: '2048 px' }).check();
    await page.getByText('No image passes these filters').waitFor();
    await page.getByRole('button', { name: 'Clear filters' }).first().click();
    await expect.poll(async () => (await names()).length).toBeGreaterThan(20);
  });

  it('keeps categories and notes', async () => {
    // The note may be sent before its page knows that the category made another version; then it is sent again.
    site.expectComplaints(/status of 412/);
    const { page, first } = await open('/?q=violin');
    await first('violin.webp');
    await page.locator('.tile-link').first().click();
    const changed = () =>
      page.waitForResponse(response => response.url().includes('/admin/update_opt/') && response.ok());
    let done = changed();
    await page.getByLabel('Add a category').fill('strings');
    await page.getByLabel('Add a category').press('Enter');
    await done;
    done = changed();
    await page.getByRole('textbox', { name: 'Notes' }).fill('a present');
    await page.getByRole('textbox', { name: 'Notes' }).blur();
    await done;
    await page.reload();
    await page.getByRole('button', { name: 'Remove strings' }).waitFor();
    expect(await page.getByRole('textbox', { name: 'Notes' }).inputValue()).toBe('a present');
  });

  it('adds images and shows the result of each', async () => {
    const { page } = await open();
    const png = await sharp({ create: { width: 90, height: 60, channels: 3, background: '#7a3ff0' } })
      .png()
      .toBuffer();
    const files = [
      { name: 'violet.png', mimeType: 'image/png', buffer: png },
      { name: 'broken.jpg', mimeType: 'image/jpeg', buffer: Buffer.from('no image') },
    ];
    site.expectComplaints(/status of 4(09|15|22)/);
    await page.getByLabel('Add images').setInputFiles(files);
    await page.getByText('Added; found once it is indexed').waitFor();
    await page.locator('.uploads li[data-state="failed"]', { hasText: 'broken.jpg' }).waitFor();
    await page.getByLabel('Add images').setInputFiles(files.slice(0, 1));
    await page.getByText('Already in the library').waitFor();
  });

  it('says gently that a model does not know a language', async () => {
    const { page, search } = await open();
    await search('собака');
    await page.getByText('does not know Russian').waitFor();
  });

  it('says that the server does not respond, and goes on when it is back', async () => {
    const { page, search, first } = await open();
    await page.locator('.top[data-home]').waitFor();
    site.expectComplaints(/Failed to load resource|ERR_/);
    await page.route(/\/api\//, route => route.abort());
    await search('owl');
    await page.getByText('The server does not respond').waitFor();
    await page.unroute(/\/api\//);
    await first('owl.webp');
  });

  it('speaks Chinese where the browser does', async () => {
    const { page, search, first } = await open('/', { locale: 'zh-CN' });
    await page.getByText('用画面内容来找图片').waitFor();
    expect(await page.locator('html').getAttribute('lang')).toBe('zh-CN');
    await search('企鹅');
    await first('penguin.webp');
    await page.getByText(/张图片，最匹配的在前/).waitFor();
  });

  it.each(['light', 'dark'] as const)('is legible in %s', async colorScheme => {
    const { page } = await open('/', { colorScheme });
    const texts = [
      '.tagline',
      '.suggestions button',
      '.suggestions button:last-child',
      '.banner p',
      '.results-head p',
      '.results-head .quiet',
      '.search-key',
    ];
    for (const selector of texts) await page.locator(selector).first().waitFor();
    const ratios = await page.evaluate(
      selectors =>
        selectors.map(selector => {
          const luminance = (color: string) => {
            const canvas = document.createElement('canvas').getContext('2d', { willReadFrequently: true })!;
            canvas.fillStyle = color;
            canvas.fillRect(0, 0, 1, 1);
            const [r = 0, g = 0, b = 0] = [...canvas.getImageData(0, 0, 1, 1).data]
              .map(value => value / 255)
              .map(value => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4));
            return 0.2126 * r + 0.7152 * g + 0.0722 * b;
          };
          const element = document.querySelector(selector)!;
          const ink = luminance(getComputedStyle(element).color);
          const ground = (start: Element | null): string => {
            for (let at = start; at; at = at.parentElement) {
              const { backgroundColor } = getComputedStyle(at);
              if (backgroundColor !== 'rgba(0, 0, 0, 0)') return backgroundColor;
            }
            return 'white';
          };
          const paper = luminance(ground(element));
          return { selector, ratio: (Math.max(ink, paper) + 0.05) / (Math.min(ink, paper) + 0.05) };
        }),
      texts,
    );
    // WCAG 2.2, 1.4.3: 4.5 to 1
    expect(ratios.filter(({ ratio }) => ratio < 4.5)).toEqual([]);
  });

  it('gives every control a name', async () => {
    const { page, first } = await open('/?q=dog');
    await page.getByRole('button', { name: 'Filters' }).click();
    // The images move down when the filters come.
    await page.getByText('Size at least').waitFor();
    await page.locator('.tile-link').first().click();
    await page.getByRole('dialog').waitFor();
    const nameless = await page.evaluate(() =>
      [...document.querySelectorAll('a, button, input, textarea, select, dialog')]
        .filter(element => {
          const labels = 'labels' in element ? [...((element.labels as NodeList | null) ?? [])] : [];
          const text = [
            element.getAttribute('aria-label'),
            element.textContent,
            ...labels.map(l => l.textContent),
          ];
          return text.every(part => !part?.trim());
        })
        .map(element => element.outerHTML.slice(0, 120)),
    );
    expect(nameless).toEqual([]);
    await page.keyboard.press('Escape');
    await first('');
  });

  it('fits a phone without scrolling sideways', async () => {
    const { page } = await open('/?q=dog', {
      viewport: { width: 360, height: 740 },
      hasTouch: true,
      isMobile: true,
    });
    await page.locator('.tile-link').first().waitFor();
    const overflow = () => page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    expect(await overflow()).toBeLessThanOrEqual(0);
    await page.getByRole('button', { name: 'Filters' }).tap();
    // The images move down when the filters come.
    await page.getByText('Size at least').waitFor();
    expect(await overflow()).toBeLessThanOrEqual(0);
    await page.locator('.tile-link').first().tap();
    await page.getByRole('dialog').waitFor();
    expect(await page.getByRole('dialog').evaluate(d => d.scrollWidth - d.clientWidth)).toBeLessThanOrEqual(
      0,
    );
  });
});
