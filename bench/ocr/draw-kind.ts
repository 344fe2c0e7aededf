import { join } from 'node:path';
import sharp, { type OverlayOptions, type Sharp } from 'sharp';
import { background, linear, rect, type Size, svgDocument } from '../../scripts/gallery/canvas.ts';
import { type Random, seededRandom } from '../../scripts/gallery/random.ts';
import type { Ground, Kind } from './kinds.ts';

const ROOT = join(import.meta.dirname, '../..');
/** Both made by scripts of this repository. */
const PHOTO = join(ROOT, 'tests/golden/preprocess/photo.jpg');
const DRAWINGS = ['places/castle', 'places/house', 'places/tent'].map(name =>
  join(ROOT, `gallery/${name}.webp`),
);

const THAI = join(
  ROOT,
  'node_modules/@expo-google-fonts/noto-sans-thai/400Regular/NotoSansThai_400Regular.ttf',
);

const inks: Readonly<Record<Ground, string>> = {
  paper: '#20242c',
  dark: '#dfe3e8',
  noise: '#14181f',
  stripes: '#2a2f3a',
  photo: '#ffffff',
  drawing: '#ffffff',
  none: '#ffffff',
};

type Layer = { readonly input: Buffer } & Size;

/** An image as its kind says; the same at every call. */
export async function drawKind(kind: Kind): Promise<Sharp> {
  const random = seededRandom(kind.file);
  const letters = await turned(await lettering(kind, inks[kind.ground]), kind.turn ?? 0);
  const margin = Math.round(kind.size * 0.8);
  const size = kind.canvas ?? { width: letters.width + 2 * margin, height: letters.height + 2 * margin };
  const place = (within: number, length: number) =>
    Math.round(
      random.between(
        Math.min(margin, (within - length) / 2),
        Math.max(within - length - margin, (within - length) / 2),
      ),
    );
  const [left, top] = [place(size.width, letters.width), place(size.height, letters.height)];
  const layers: OverlayOptions[] = [{ input: letters.input, left, top }];
  if (kind.ground === 'photo' || kind.ground === 'drawing') {
    const shadow = await turned(await lettering(kind, '#000000'), kind.turn ?? 0);
    layers.unshift({ input: await sharp(shadow.input).blur(2).png().toBuffer(), left, top: top + 2 });
  }
  const whole = sharp(await ground(kind.ground, size, random)).composite(layers);
  if (kind.lean === undefined) return sharp(await whole.png().toBuffer());
  return seenFromTheSide(await whole.removeAlpha().raw().toBuffer(), size, kind.lean);
}

/** The letters alone, on transparency, cut to their size. */
async function lettering(kind: Kind, ink: string): Promise<Layer> {
  const lines = kind.drawn ?? kind.lines;
  const block = (text: string, spacing: number): Promise<Layer> =>
    layer(
      sharp({
        text: {
          text: `<span foreground="${ink}">${text.replaceAll('&', '&amp;').replaceAll('<', '&lt;')}</span>`,
          font: `${kind.family} ${kind.size}`,
          ...(kind.family === 'Noto Sans Thai' && { fontfile: THAI }),
          dpi: 72,
          rgba: true,
          spacing,
        },
      }),
    );
  if (!kind.isColumns) return block(lines.join('\n'), Math.round(kind.size * 0.6));
  const columns = await Promise.all(lines.map(text => block([...text].join('\n'), 0)));
  const step = Math.round(kind.size * 1.8);
  const size = { width: step * columns.length, height: Math.max(...columns.map(({ height }) => height)) };
  const layers = columns.map(({ input }, i) => ({ input, left: size.width - (i + 1) * step, top: 0 }));
  return layer(sharp({ create: { ...size, channels: 4, background: 'transparent' } }).composite(layers));
}

async function layer(image: Sharp): Promise<Layer> {
  const { data, info } = await image.png().toBuffer({ resolveWithObject: true });
  return { input: data, width: info.width, height: info.height };
}

const turned = async (letters: Layer, degrees: number): Promise<Layer> =>
  degrees === 0 ? letters : layer(sharp(letters.input).rotate(degrees, { background: 'transparent' }));

async function ground(name: Ground, size: Size, random: Random): Promise<Buffer> {
  const drawn = (content: string) => sharp(svgDocument(size, content)).png().toBuffer();
  const covering = (file: string) =>
    sharp(file)
      .resize({ ...size, fit: 'cover' })
      .png()
      .toBuffer();
  switch (name) {
    case 'paper':
      return drawn(background(size, linear(90, '#ffffff', random.pick(['#f3f0ea', '#fff3d0', '#e8eef6']))));
    case 'dark':
      return drawn(background(size, linear(90, '#1d2129', random.pick(['#2b3350', '#3a2432', '#14181f']))));
    case 'stripes': {
      const step = 64;
      const stripes = Array.from({ length: Math.ceil(size.width / step) }, (_, i) =>
        i % 2 === 0 ? '' : rect(i * step, 0, step, size.height, { fill: '#f1dcc4' }),
      );
      return drawn(background(size, linear(0, '#cfdcea', '#cfdcea')) + stripes.join(''));
    }
    case 'noise': {
      const coarse = { width: Math.ceil(size.width / 2), height: Math.ceil(size.height / 2) };
      const levels = Uint8Array.from({ length: coarse.width * coarse.height }, () =>
        Math.round(random.between(150, 255)),
      );
      return sharp(levels, { raw: { ...coarse, channels: 1 } })
        .resize({ ...size, fit: 'fill', kernel: 'linear' })
        .toColourspace('srgb')
        .png()
        .toBuffer();
    }
    case 'photo':
      return covering(PHOTO);
    case 'drawing':
      return covering(random.pick(DRAWINGS));
    case 'none':
      return sharp({ create: { ...size, channels: 4, background: 'transparent' } })
        .png()
        .toBuffer();
  }
}

/** A plane seen at an angle: lines that were parallel run together; beyond an edge it goes on as at the edge. */
function seenFromTheSide(pixels: Buffer, size: Size, lean: number): Sharp {
  const { width, height } = size;
  const out = new Uint8Array(pixels.length);
  const shrinks = Math.abs(lean);
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      const across = (column + 0.5) / width;
      const far = lean > 0 ? across : 1 - across;
      const from = far / (1 + shrinks - shrinks * far);
      const x = (lean > 0 ? from : 1 - from) * width - 0.5;
      const y = (0.5 + ((row + 0.5) / height - 0.5) * (1 + shrinks * from)) * height - 0.5;
      for (let c = 0; c < 3; c++) out[(row * width + column) * 3 + c] = between(pixels, size, x, y, c);
    }
  }
  return sharp(out, { raw: { width, height, channels: 3 } });
}

function between(pixels: Buffer, { width, height }: Size, x: number, y: number, channel: number): number {
  const at = (column: number, row: number) => {
    const [cx, cy] = [Math.min(width - 1, Math.max(0, column)), Math.min(height - 1, Math.max(0, row))];
    return pixels[(cy * width + cx) * 3 + channel]!;
  };
  const [left, top] = [Math.floor(x), Math.floor(y)];
  const [fx, fy] = [x - left, y - top];
  const upper = at(left, top) * (1 - fx) + at(left + 1, top) * fx;
  const lower = at(left, top + 1) * (1 - fx) + at(left + 1, top + 1) * fx;
  return Math.round(upper * (1 - fy) + lower * fy);
}
