import { describe, expect, it } from 'vitest';
import { chromiumPath } from './chromium.ts';
import { runApp } from './running-app.ts';
import { writeImages } from './synthetic-library.ts';
import { useApp } from './use-app.ts';

const IMAGES = 5_000;

describe.skipIf(chromiumPath === null)(`a folder of ${IMAGES} generated images`, () => {
  const site = useApp(async folder => {
    await writeImages(folder, IMAGES);
    return runApp(folder, { SEMBLANCE_OCR: 'off' });
  });

  it.each(['/', '/?order=name', '/?q=circle'])(
    'shows every image once on the way to the end of %s',
    async path => {
      const gallery = await site.open(path);
      await gallery.page.locator('.tile[data-state="loaded"]').first().waitFor();
      const names = await gallery.allNames();
      expect(names).toHaveLength(IMAGES);
      expect(new Set(names).size).toBe(IMAGES);
      expect(await gallery.page.locator('*').count()).toBeLessThan(2_000);
    },
  );
});
