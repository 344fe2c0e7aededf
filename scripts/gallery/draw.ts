import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import pLimit from 'p-limit';
import sharp from 'sharp';
import { svgDocument } from './canvas.ts';
import { type Drawing, drawings } from './drawings.ts';
import { missingFonts } from './fonts.ts';

const help = `Draws the demo gallery: gallery/**/*.webp, and bench/retrieval/gallery.json, which tells
what is on each.

  node scripts/gallery/draw.ts                   all images, into gallery/
  node scripts/gallery/draw.ts --only words/     those whose path begins so, over what is there
  node scripts/gallery/draw.ts --out /tmp/look   elsewhere, only to look at

The images are committed, so nobody needs to draw them to use Semblance. Drawing needs fonts which the
lettered images are set in (Debian and Ubuntu):

  apt-get install fonts-noto-cjk fonts-noto-cjk-extra fonts-lxgw-wenkai fonts-lobster fonts-bebas-neue \\
    fonts-quicksand fonts-league-spartan

Nothing is random: an image is drawn from a seed made of its path, so the same machine draws the same bytes.
Afterwards: npm run format, which sets the list in its usual form.`;

const root = resolve(import.meta.dirname, '../..');
const gallery = join(root, 'gallery');
/** Not beside the images: that folder is indexed, and holds nothing else. */
const listFile = join(root, 'bench/retrieval/gallery.json');

const { values } = parseArgs({
  options: {
    only: { type: 'string', default: '' },
    out: { type: 'string', default: gallery },
    help: { type: 'boolean', short: 'h', default: false },
  },
});

if (values.help) {
  console.log(help);
} else {
  await drawAll(values.out, values.only);
}

async function drawAll(out: string, only: string): Promise<void> {
  const missing = await missingFonts();
  if (missing.length > 0) {
    console.error(`Fonts not found: ${missing.join(', ')}. See --help for what to install.`);
    process.exitCode = 1;
    return;
  }
  const all = drawings();
  const chosen = all.filter(drawing => drawing.file.startsWith(only));
  if (only === '') rmSync(out, { recursive: true, force: true });
  const limit = pLimit(2);
  const sizes = await Promise.all(chosen.map(drawing => limit(() => drawOne(drawing, out))));
  if (only === '' && resolve(out) === gallery) writeList(all);
  const total = sizes.reduce((sum, bytes) => sum + bytes, 0);
  console.log(`${chosen.length} images, ${(total / 1e6).toFixed(2)} MB, in ${out}`);
}

async function drawOne(drawing: Drawing, out: string): Promise<number> {
  const { size, content } = await drawing.draw();
  const bytes = await sharp(svgDocument(size, content))
    .flatten({ background: '#fff' })
    .webp({ quality: 82, effort: 6 })
    .toBuffer();
  const file = join(out, drawing.file);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, bytes);
  return bytes.length;
}

function writeList(all: readonly Drawing[]): void {
  const entries = all.map(({ file, kind, subjects, words }) => ({ file, kind, subjects, ...words }));
  const lines = entries.map(entry => `    ${JSON.stringify(entry)}`).join(',\n');
  writeFileSync(listFile, `{\n  "images": [\n${lines}\n  ]\n}\n`);
}
