import { afterAll, beforeAll, describe } from 'vitest';
import { browseCases } from './cases/browse.ts';
import { changesCases } from './cases/changes.ts';
import { criteriaCases } from './cases/criteria.ts';
import { deletionCases } from './cases/deletion.ts';
import { filesCases } from './cases/files.ts';
import { filtersCases } from './cases/filters.ts';
import { imageCases } from './cases/image.ts';
import { imagesCases } from './cases/images.ts';
import { queryCases } from './cases/query.ts';
import { randomCases } from './cases/random.ts';
import { savedCases } from './cases/saved.ts';
import { serverCases } from './cases/server.ts';
import { similarCases } from './cases/similar.ts';
import { textCases } from './cases/text.ts';
import { uploadCases } from './cases/upload.ts';
import { welcomeCases } from './cases/welcome.ts';
import { drawWords } from './drawn-images.ts';
import type { Server } from './server.ts';
import { createSuite } from './suite-helpers.ts';

/**
 * The contract, spoken over HTTP alone to an empty server with both tokens: the same cases for the laptop, for
 * the Lambda handler and for a deployment. Says at the end how many cases each route had.
 */
export function contractSuite(
  name: string,
  start: () => Promise<Server & { close?(): Promise<void> }>,
): void {
  describe(`contract: ${name}`, () => {
    const suite = createSuite(start);
    const { draw, add, indexed } = suite;

    beforeAll(async () => {
      await suite.open();
      await draw('cat', { emoji: 'cat-face' });
      await draw(
        'cat-2',
        { emoji: 'cat-face', ground: '#dbe9ff', width: 400, height: 300 },
        { categories: ' pets , indoor' },
      );
      await draw('dog', { emoji: 'dog-face' }, { categories: 'pets', comments: 'Rex' });
      await draw('pizza', { emoji: 'pizza', format: 'png' });
      await draw('car', { emoji: 'automobile', width: 640, height: 200 }, { starred: true });
      await draw('rocket', { emoji: 'rocket', format: 'webp' });
      await add('words', await drawWords('Happy New Year'), { skip_ocr: false });
      await indexed();
    });
    afterAll(async () => console.log(`${name}: ${await suite.close()}`));

    for (const cases of [
      welcomeCases,
      textCases,
      filtersCases,
      imageCases,
      similarCases,
      criteriaCases,
      randomCases,
      imagesCases,
      browseCases,
      savedCases,
      queryCases,
      uploadCases,
      changesCases,
      filesCases,
      serverCases,
      deletionCases,
    ])
      cases(suite);
  });
}
