import { test } from 'vitest';
import { indexUnderLoad } from './load.ts';

test('on a busy machine every image and every word is there in the end', async () => {
  await indexUnderLoad({ images: 12, heics: 1 });
}, 300_000);
