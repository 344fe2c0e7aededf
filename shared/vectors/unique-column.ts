import type { ImageReader, ImageWriter } from './image-file.ts';
import { createSeries, uint32s } from './series.ts';

/**
 * A field whose values hardly two points share, such as a digest: only a hash of each is in RAM, and what it finds
 * is compared with the file. All hashes are looked through for each value that is asked for, in 0.25 ms at a million,
 * since a hash table would take twice as much RAM as they do.
 */
export interface UniqueColumn {
  set(slot: number, value: unknown): void;
  /** Slots whose value is one of these. */
  among(values: readonly unknown[]): ReadonlySet<number>;
  save(writer: ImageWriter): void;
  load(reader: ImageReader): void;
}

/** @param read the value in a slot, from the file */
export function createUniqueColumn(read: (slot: number) => unknown): UniqueColumn {
  const hashes = createSeries([uint32s], NO_VALUE);
  return {
    set: (slot, value) => hashes.set(slot, typeof value === 'string' ? hashOf(value) : NO_VALUE),
    among(values) {
      const all = hashes.all();
      const found = new Set<number>();
      for (const value of new Set(values)) {
        if (typeof value !== 'string') continue;
        const hash = hashOf(value);
        for (let slot = all.indexOf(hash); slot >= 0; slot = all.indexOf(hash, slot + 1))
          if (read(slot) === value) found.add(slot);
      }
      return found;
    },
    save: hashes.save,
    load: hashes.load,
  };
}

/** The hash of a slot without a value, which no value has. */
const NO_VALUE = 0;

/** FNV-1a over UTF-16 units, 32 bits, of which 0 is left out. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash >>> 0 || 1;
}
