import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { seededRandom } from '../../scripts/gallery/random.ts';
import { decodeImage } from '../../shared/images/decode.ts';
import type { TransparentImage } from '../../shared/ocr/grounds.ts';
import type { RgbImage } from '../../shared/ocr/rgb-image.ts';

export const IMAGES = join(import.meta.dirname, 'images');
export const KINDS = join(import.meta.dirname, 'kinds');
const GALLERY = join(import.meta.dirname, '../../gallery');

/** An image's pixels as the indexer would read words off them. */
export async function pixelsOf(file: string): Promise<TransparentImage> {
  const limits = { maxPixels: 100_000_000, short: 448, long: 768, pixels: 6_000_000 };
  const { rgb, alpha } = await decodeImage(await readFile(file), limits);
  return { ...rgb, alpha };
}

/** Images that bear no letters: every seventh of the gallery's drawings, noise, stripes and a photograph. */
export async function wordless(): Promise<{ name: string; image: RgbImage }[]> {
  const files: string[] = [];
  for (const folder of (await readdir(GALLERY)).toSorted()) {
    if (folder === 'words') continue;
    for (const name of (await readdir(join(GALLERY, folder))).toSorted()) files.push(join(folder, name));
  }
  const drawings = files.filter((_, i) => i % 7 === 0);
  const images = await Promise.all(
    drawings.map(async name => ({ name, image: await pixelsOf(join(GALLERY, name)) })),
  );
  const photo = join(import.meta.dirname, '../../tests/golden/preprocess/photo.jpg');
  return [
    ...images,
    { name: 'photo', image: await pixelsOf(photo) },
    { name: 'noise', image: await noise(1) },
    { name: 'coarse noise', image: await noise(6) },
    { name: 'stripes', image: stripes() },
  ];
}

async function noise(grain: number): Promise<RgbImage> {
  const random = seededRandom('noise');
  const [width, height] = [Math.ceil(960 / grain), Math.ceil(640 / grain)];
  const data = Uint8Array.from({ length: width * height * 3 }, () => Math.floor(random.between(0, 256)));
  const { data: large, info } = await sharp(data, { raw: { width, height, channels: 3 } })
    .resize(960, 640, { fit: 'fill', kernel: 'nearest' })
    .raw()
    .toBuffer({ resolveWithObject: true });
  return { data: large, width: info.width, height: info.height };
}

function stripes(): RgbImage {
  const [width, height] = [960, 640];
  const data = new Uint8Array(width * height * 3);
  for (let i = 0; i < width * height; i++) data.fill((i % width) % 24 < 9 ? 30 : 230, i * 3, i * 3 + 3);
  return { data, width, height };
}
