import { join } from 'node:path';
import { expect, test } from 'vitest';
import { cases } from '../../bench/ocr/cases.ts';
import { IMAGES, pixelsOf } from '../../bench/ocr/images.ts';
import { openOcrEngine } from '../../shared/ocr/ocr-engine.ts';

const ROUNDS = 6;
/** After so many the heap has its working size. */
const WARM = 3;

test('reading hundreds of images takes no more memory than reading dozens', async () => {
  const engine = openOcrEngine(1);
  const peaks: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    let peak = 0;
    for (const { file } of cases) {
      await engine.read(await pixelsOf(join(IMAGES, file)), () => false);
      peak = Math.max(peak, process.memoryUsage.rss());
    }
    peaks.push(peak / 1e6);
  }
  await engine.close();
  console.log(`peak RSS a round, MB: ${peaks.map(peak => peak.toFixed(0)).join(' ')}`);
  expect(peaks.at(-1)).toBeLessThan(Math.max(...peaks.slice(0, WARM)) * 1.1);
}, 600_000);
