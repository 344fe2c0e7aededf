import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import sharp from 'sharp';
import { z } from 'zod';
import { attributes, newId, shadowed, turned } from './canvas.ts';

const IconSet = z.object({
  icons: z.record(z.string(), z.object({ body: z.string() })),
  aliases: z.record(z.string(), z.object({ parent: z.string() })).default({}),
});

const require = createRequire(import.meta.url);
const { icons } = IconSet.parse(
  JSON.parse(readFileSync(require.resolve('@iconify-json/fluent-emoji-flat/icons.json'), 'utf8')),
);

export type Placed = {
  /** Centre, px. */
  readonly x: number;
  readonly y: number;
  /** Edge of its square, px. */
  readonly size: number;
  /** Degrees, clockwise. */
  readonly turn?: number;
  readonly shadow?: boolean;
};

/** One emoji by its name in Fluent Emoji Flat, such as `red-apple`. */
export function emoji(name: string, { x, y, size, turn = 0, shadow = true }: Placed): string {
  const box = attributes({ x: x - size / 2, y: y - size / 2, width: size, height: size });
  const drawn = `<svg${box} viewBox="0 0 32 32">${bodyOf(name)}</svg>`;
  const upright = turned(drawn, turn, x, y);
  return shadow ? shadowed(upright, size * 0.022) : upright;
}

/** The emoji's shape in one colour, for tone-on-tone ornament. */
export function silhouette(name: string, colour: string, placed: Placed): string {
  const id = newId();
  const flood =
    `<filter id="${id}"><feFlood flood-color="${colour}"/>` +
    `<feComposite in2="SourceAlpha" operator="in"/></filter>`;
  return `${flood}<g filter="url(#${id})">${emoji(name, { ...placed, shadow: false })}</g>`;
}

/** Mean colour of what it covers, RGB 0..255. */
export async function meanColour(name: string): Promise<readonly [number, number, number]> {
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="32" height="32">${bodyOf(name)}</svg>`;
  const { data } = await sharp(Buffer.from(svg)).ensureAlpha().raw().toBuffer({ resolveWithObject: true });
  let [r, g, b, weight] = [0, 0, 0, 0];
  for (let i = 0; i < data.length; i += 4) {
    const alpha = data[i + 3]!;
    r += data[i]! * alpha;
    g += data[i + 1]! * alpha;
    b += data[i + 2]! * alpha;
    weight += alpha;
  }
  return [r / weight, g / weight, b / weight];
}

function bodyOf(name: string): string {
  const icon = icons[name];
  if (!icon) throw new Error(`Fluent Emoji Flat has no icon named '${name}'`);
  // Ids (gradients, clips) are made unique, since an image may show an emoji more than once.
  const suffix = newId();
  return icon.body
    .replace(/id="([^"]+)"/g, `id="$1${suffix}"`)
    .replace(/url\(#([^)]+)\)/g, `url(#$1${suffix})`)
    .replace(/href="#([^"]+)"/g, `href="#$1${suffix}"`);
}
