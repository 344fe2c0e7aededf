import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import type { RunningApp } from '../../functions/local/start-app.ts';
import { browseFields } from '../../shared/catalog/browse-fields.ts';
import { VECTOR_OF } from '../../shared/catalog/collection.ts';
import { payloadSchema } from '../../shared/catalog/payload.ts';
import { localClock } from '../../shared/catalog/taken.ts';
import { unit } from '../../shared/vectors/unit.ts';
import { runApp } from './running-app.ts';

/** px of the generated files: photographs and screenshots, wide and tall. */
const SIZES = [
  [600, 400],
  [400, 600],
  [500, 500],
  [640, 360],
  [480, 640],
  [600, 450],
] as const;

/** A fixed sequence of numbers from 0 to 1: mulberry32 (public domain, Tommy Ettinger). */
export function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** Writes so many generated images into a folder: each with its own colours, number and proportions. */
export async function writeImages(folder: string, count: number): Promise<void> {
  for (let i = 0; i < count; i++) {
    const [width, height] = SIZES[i % SIZES.length]!;
    const hue = (i * 47) % 360;
    const svg = `<svg width="${width}" height="${height}">
      <linearGradient id="g" x2="1" y2="1"><stop stop-color="hsl(${hue},60%,72%)"/><stop offset="1" stop-color="hsl(${(hue + 60) % 360},55%,45%)"/></linearGradient>
      <rect width="100%" height="100%" fill="url(#g)"/>
      <circle cx="${30 + ((i * 13) % 40)}%" cy="${30 + ((i * 29) % 40)}%" r="${60 + (i % 90)}" fill="hsl(${(hue + 180) % 360},70%,80%)" opacity=".7"/>
      <text x="24" y="${height - 28}" font-size="56" font-family="sans-serif" fill="#fff">${i}</text></svg>`;
    await sharp(Buffer.from(svg))
      .jpeg({ quality: 70 })
      .toFile(join(folder, `generated-${String(i).padStart(5, '0')}.jpg`));
  }
}

const FILES = 60;
const BATCH = 2_000;
const DAY = 86_400_000;

/**
 * The local app on a folder of a few generated images, in whose index are as many more rows as requested: taken
 * over ten years, each shown by the thumbnail of one of the images.
 */
export async function runSyntheticLibrary(
  rows: number,
  environment: Record<string, string> = {},
): Promise<RunningApp> {
  const folder = await mkdtemp(join(tmpdir(), 'semblance-synthetic-'));
  await writeImages(folder, FILES);
  const app = await runApp(folder, { SEMBLANCE_OCR: 'off', ...environment });
  await app.indexed;
  const { index, model } = app.local;
  const { points } = await index.scroll({ limit: FILES });
  const files = points.map(({ id, payload }) => ({ id, payload: payloadSchema.parse(payload) }));
  const random = randomFrom(7);
  const newest = Date.UTC(2026, 5, 30);
  for (let first = 0; first < rows; first += BATCH) {
    await index.upsert(
      Array.from({ length: Math.min(BATCH, rows - first) }, (_, i) => {
        const n = first + i;
        const { id, payload } = files[n % files.length]!;
        const key = `camera/${2000 + (n % 20)}/IMG_${n}.jpg`;
        // More of the later years, in bursts of a day.
        const takenAt = new Date(
          newest - Math.floor(random() ** 1.6 * 3650) * DAY + (n % 43_200) * 1000,
        ).toISOString();
        const name = `IMG_${n}.jpg`;
        return {
          id: `00000000-0000-4000-8000-${n.toString(16).padStart(12, '0')}`,
          vectors: {
            [VECTOR_OF.vision]: unit(Float32Array.from({ length: model.dimension }, () => random() - 0.5)),
          },
          payload: payloadSchema.parse({
            ...payload,
            key,
            name,
            etag: `e${n}`,
            sha1: n.toString(16).padStart(40, '0'),
            taken_at: takenAt,
            taken_local: localClock(takenAt),
            has_thumbnail: false,
            has_preview: false,
            thumbnail_url: `/static/thumbnails/${id}.webp`,
            ...browseFields({ key, name, takenAt, exif: null }),
          }),
        };
      }),
    );
  }
  return {
    ...app,
    async stop() {
      await app.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
