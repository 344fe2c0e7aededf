import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import sharp from 'sharp';
import { z } from 'zod';

const iconSet = z.object({
  icons: z.record(z.string(), z.object({ body: z.string() })),
  height: z.number().default(32),
});

let icons: z.infer<typeof iconSet> | undefined;

/** The drawing of an emoji as an SVG document; MIT, Microsoft's Fluent Emoji. */
function drawing(name: string): string {
  const file = createRequire(import.meta.url).resolve('@iconify-json/fluent-emoji-flat/icons.json');
  icons ??= iconSet.parse(JSON.parse(readFileSync(file, 'utf8')));
  const icon = icons.icons[name];
  if (!icon) throw new Error(`There is no emoji ${name}`);
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${icons.height} ${icons.height}" width="512" height="512">${icon.body}</svg>`;
}

export type Drawn = {
  readonly emoji: string;
  /** CSS colour. */
  readonly ground?: string;
  /** px. */
  readonly width?: number;
  readonly height?: number;
  readonly format?: 'jpeg' | 'png' | 'webp' | 'gif';
};

/** An image of one emoji on a coloured ground, encoded. */
export async function drawImage(drawn: Drawn): Promise<Uint8Array<ArrayBuffer>> {
  const { emoji, ground = '#ffffff', width = 320, height = 320, format = 'jpeg' } = drawn;
  const size = Math.round(Math.min(width, height) * 0.8);
  const icon = await sharp(Buffer.from(drawing(emoji)))
    .resize(size, size)
    .png()
    .toBuffer();
  const image = await sharp({ create: { width, height, channels: 3, background: ground } })
    .composite([{ input: icon }])
    .toFormat(format)
    .toBuffer();
  return new Uint8Array(image);
}

/** Words in dark letters on white, 640 × 200, encoded as JPEG. */
export async function drawWords(words: string): Promise<Uint8Array<ArrayBuffer>> {
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="640" height="200"><rect width="640" height="200" fill="#fff"/><text x="320" y="120" font-family="DejaVu Sans, sans-serif" font-size="64" text-anchor="middle" fill="#123">${words}</text></svg>`;
  return new Uint8Array(await sharp(Buffer.from(svg)).jpeg().toBuffer());
}
