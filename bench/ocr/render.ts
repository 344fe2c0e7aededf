/**
 * `node bench/ocr/render.ts`: draws bench/ocr/images anew. They are committed, so nobody needs to; fonts as in
 * scripts/gallery/draw.ts --help. The same machine draws the same bytes.
 */
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { background, linear, type Size, shadowed, svgDocument } from '../../scripts/gallery/canvas.ts';
import { missingFonts } from '../../scripts/gallery/fonts.ts';
import { type Random, seededRandom } from '../../scripts/gallery/random.ts';
import { line } from '../../scripts/gallery/type.ts';
import { type Case, cases } from './cases.ts';
import { IMAGES } from './images.ts';

const PHOTO = join(import.meta.dirname, '../../tests/golden/preprocess/photo.jpg');
const SIZE: Size = { width: 960, height: 640 };

const missing = await missingFonts();
if (missing.length > 0) throw new Error(`Fonts not found: ${missing.join(', ')}`);
await rm(IMAGES, { recursive: true, force: true });
await mkdir(IMAGES, { recursive: true });
let total = 0;
for (const each of cases) {
  const bytes = await draw(each, seededRandom(each.file));
  await writeFile(join(IMAGES, each.file), bytes);
  total += bytes.length;
}
console.log(`${cases.length} images, ${(total / 1e6).toFixed(2)} MB, in ${IMAGES}`);

async function draw(each: Case, random: Random): Promise<Buffer> {
  switch (each.style) {
    case 'clean': {
      const ground = linear(90, ...random.pick([['#ffffff', '#f3f0ea'], ['#fff8e1', '#ffecb3'] as const]));
      return encode(background(SIZE, ground) + lettering(each, random, random.between(44, 64), '#20242c'));
    }
    case 'low contrast': {
      const [ground, ink] = random.pick([
        ['#d9dde2', '#b9bec6'],
        ['#8f3b3b', '#a85050'],
        ['#274060', '#3b5778'],
        ['#f5e9d0', '#e0cfae'],
      ] as const);
      const paint = linear(90, ground, ground);
      return encode(background(SIZE, paint) + lettering(each, random, random.between(44, 64), ink));
    }
    case 'small': {
      const paint = linear(90, '#ffffff', '#eef1f5');
      return encode(background(SIZE, paint) + lettering(each, random, random.between(13, 15), '#30353f'));
    }
    case 'on an image': {
      const left = Math.floor(random.between(0, 1600 - SIZE.width));
      const top = Math.floor(random.between(0, 1067 - SIZE.height));
      const photo = await sharp(PHOTO)
        .extract({ left, top, ...SIZE })
        .toBuffer();
      const letters = shadowed(lettering(each, random, random.between(44, 64), '#ffffff'), 2, '#000', 0.5);
      return encode(letters, photo);
    }
  }
}

/** The lines below each other, somewhere in the image. */
function lettering({ lines, family, weight }: Case, random: Random, size: number, fill: string): string {
  const step = size * 1.7;
  const widest = Math.max(...lines.map(text => widthOf(text, size)));
  const x = random.between(40, Math.max(41, SIZE.width - widest - 40));
  const y = random.between(60 + size, Math.max(61 + size, SIZE.height - lines.length * step));
  return lines
    .map((text, i) => line(text, { x, y: y + i * step, size, family, weight, fill, anchor: 'start' }))
    .join('');
}

/** About, px. */
function widthOf(text: string, size: number): number {
  return [...text].reduce((sum, char) => sum + (char > '⺀' ? size : size * 0.62), 0);
}

async function encode(content: string, ground?: Buffer): Promise<Buffer> {
  const letters = sharp(svgDocument(SIZE, content));
  const whole = ground ? sharp(ground).composite([{ input: await letters.png().toBuffer() }]) : letters;
  return whole.flatten({ background: '#fff' }).webp({ quality: 82, effort: 6 }).toBuffer();
}
