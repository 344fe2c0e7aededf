import { join } from 'node:path';
import sharp, { type Sharp } from 'sharp';
import type { TransparentImage } from '../../shared/ocr/grounds.ts';
import type { OcrEngine } from '../../shared/ocr/ocr-engine.ts';
import { cases } from './cases.ts';
import { IMAGES, KINDS, pixelsOf } from './images.ts';
import { kinds } from './kinds.ts';

const renderings: Readonly<Record<string, (image: Sharp, width: number) => Sharp>> = {
  negative: image => image.negate({ alpha: false }),
  'half the contrast': image => image.linear(0.5, 64),
  blurred: image => image.blur(1),
  'JPEG of quality 30': image => image.jpeg({ quality: 30 }),
  'seven tenths as large': (image, width) => image.resize({ width: Math.round(0.7 * width) }),
  'on its side': image => image.rotate(90),
};

const files = [
  ...cases.map(({ file }) => join(IMAGES, file)),
  ...kinds.filter(({ file }) => !file.startsWith('tall')).map(({ file }) => join(KINDS, file)),
];

/**
 * Tells in how many images with words some are noticed, since the first, small look at an image decides whether there
 * may be any: the labelled images as they are, and harder to see. What a closer look loses counts as well, so the
 * first look does no worse than this.
 */
export async function tellNoticed(engine: OcrEngine): Promise<void> {
  let missed = 0;
  const all = [['as it is', null] as const, ...Object.entries(renderings)];
  for (const [name, render] of all) {
    let missedHere = 0;
    for (const file of files) {
      const { lines } = await engine.read(await imageOf(file, render), () => false);
      if (lines.length > 0) continue;
      missedHere++;
      console.log(`missed: ${file.split('/').slice(-2).join('/')}, ${name}`);
    }
    tell(name, files.length, missedHere);
    missed += missedHere;
  }
  tell('all', all.length * files.length, missed);
}

function tell(name: string, of: number, without: number): void {
  console.log(`${name.padEnd(24)} ${of - without} of ${of} noticed: ${((of - without) / of).toFixed(4)}`);
}

type Render = (typeof renderings)[string];

async function imageOf(file: string, render: Render | null): Promise<TransparentImage> {
  if (render === null || file.includes('transparent')) return pixelsOf(file);
  const image = sharp(file).removeAlpha();
  const { width } = await image.metadata();
  const rendered = await render(image, width).toBuffer();
  const { data, info } = await sharp(rendered).raw().toBuffer({ resolveWithObject: true });
  return { data, width: info.width, height: info.height };
}
