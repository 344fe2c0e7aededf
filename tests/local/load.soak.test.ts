import { test } from 'vitest';
import { indexUnderLoad } from './load.ts';

test('300 images and 20 HEICs on a busy machine: every image and every word is there in the end', async () => {
  await indexUnderLoad({ images: 297, heics: 20 });
}, 3_600_000);
