import type { ImageReader, ImageWriter } from './image-file.ts';
import { createSeries, uint32s } from './series.ts';
import { createSlotChains } from './slot-chains.ts';

/**
 * A field whose values hardly two points share, such as a digest: only a hash of each is in RAM, and what it finds
 * is compared with the file.
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
  const hashes = createSeries([uint32s], 0);
  const chains = createSlotChains(hashes.at);
  return {
    set(slot, value) {
      chains.remove(slot);
      if (typeof value !== 'string') return;
      hashes.set(slot, hashOf(value));
      chains.add(slot);
    },
    among(values) {
      const found = new Set<number>();
      for (const value of values) {
        if (typeof value !== 'string') continue;
        for (const slot of chains.candidates(hashOf(value))) if (read(slot) === value) found.add(slot);
      }
      return found;
    },
    save(writer) {
      hashes.save(writer);
      chains.save(writer);
    },
    load(reader) {
      hashes.load(reader);
      chains.load(reader);
    },
  };
}

/** FNV-1a over UTF-16 units, 32 bits. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash >>> 0;
}
