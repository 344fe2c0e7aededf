import { expect, test } from 'vitest';
import { shapeModel } from '../../bench/models/shape-model.ts';
import { openImageReader } from '../../shared/images/reader.ts';
import { openModel } from '../../shared/models/onnx-encoder.ts';
import { syntheticPhoto } from './synthetic-photo.ts';

const MB = 1e6;

test('1,000 images of 12 megapixels: at most 1.2 GB, and no more after the last than after the 100th', async () => {
  const encoder = await (await openModel(await shapeModel())).openImage({ threads: 1 });
  const reader = openImageReader({ imageEncoder: encoder, maxPixels: 100_000_000 });
  const photo = await syntheticPhoto(4000, 3000);
  const images = [
    await photo.clone().jpeg({ quality: 88 }).toBuffer(),
    await photo.clone().withMetadata({ orientation: 6 }).jpeg({ quality: 88 }).toBuffer(),
    await photo.clone().webp({ quality: 80, effort: 0 }).toBuffer(),
    await photo.clone().png({ compressionLevel: 1 }).toBuffer(),
  ];
  const seen: number[] = [];
  for (let i = 0; i < 1000; i++) {
    // Most are photographs, with a large PNG now and then.
    await reader.describe(images[i % 20 === 0 ? 3 : i % 3] ?? Buffer.alloc(0), { ocr: false });
    seen.push(process.memoryUsage.rss());
  }
  const early = Math.max(...seen.slice(0, 100));
  const late = Math.max(...seen.slice(900));
  console.log(
    `RSS: ${(early / MB).toFixed(0)} MB at most in the first 100, ${(late / MB).toFixed(0)} in the last`,
  );
  expect(Math.max(...seen)).toBeLessThan(1200 * MB);
  expect(late).toBeLessThan(early + 100 * MB);
});
