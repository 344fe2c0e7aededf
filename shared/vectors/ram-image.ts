import { randomUUID } from 'node:crypto';
import { rmSync } from 'node:fs';
import { z } from 'zod';
import { systemCode } from '../file-error.ts';
import { ImageDamaged, readImageFile, writeImageFile } from './image-file.ts';
import type { PointStore } from './point-store.ts';
import { createRamCopy, type RamCopy } from './ram-copy.ts';
import type { CollectionSchema } from './vector-index.ts';

/**
 * The RAM copy as it was at one version of the index file, in a file beside it, so that a large index opens in
 * seconds: only what was written since is read from the index file. It can be lost without harm.
 *
 * Image and index file have the same stamp, which the index file takes when the image is complete: so an image of
 * another index, of a restored older one or of an earlier time is told by its stamp and not used.
 */
const FORMAT = 7;

const headSchema = z.object({
  format: z.number(),
  schema: z.string(),
  stamp: z.string(),
  version: z.number(),
});

export const imagePath = (file: string): string => `${file}.ram`;

/** The copy, and the version that it has; undefined where no image fits. The caller catches up from there. */
export function loadImage(
  file: string,
  store: PointStore,
  schema: CollectionSchema,
): { ram: RamCopy; version: number } | undefined {
  const stamp = store.imageStamp();
  if (stamp === undefined) return undefined;
  try {
    return readImageFile(imagePath(file), reader => {
      const head = headSchema.parse(reader.json());
      const fits = head.format === FORMAT && head.schema === JSON.stringify(schema) && head.stamp === stamp;
      if (!fits || head.version > store.version()) return undefined;
      const ram = createRamCopy(schema, store);
      ram.load(reader);
      return { ram, version: head.version };
    });
  } catch (error) {
    if (error instanceof ImageDamaged || error instanceof z.ZodError || systemCode(error) !== '')
      return undefined;
    throw error;
  }
}

/** @throws errors of the file system and of SQLite; the image that was there may stay */
export function saveImage(
  file: string,
  store: PointStore,
  schema: CollectionSchema,
  ram: RamCopy,
  version: number,
): void {
  const stamp = randomUUID();
  writeImageFile(imagePath(file), writer => {
    writer.json({ format: FORMAT, schema: JSON.stringify(schema), stamp, version });
    ram.save(writer);
  });
  store.setImageStamp(stamp);
}

/** So that the next opening reads the whole index file, and finds what is wrong with it. */
export const dropImage = (file: string): void => rmSync(imagePath(file), { force: true });
