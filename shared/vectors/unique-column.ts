import type { ImageReader, ImageWriter } from './image-file.ts';
import { createSeries, uint32s } from './series.ts';

/**
 * A field whose values hardly two points share, such as a digest: only a hash of each is in RAM, and what it finds
 * is compared with the file. All hashes are looked through for what is asked for, since a hash table would take twice
 * as much RAM as they do.
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
      const texts = values.filter(value => typeof value === 'string');
      const wanted = new Set(texts.map(hashOf));
      const asked = new Set<unknown>(texts);
      const slots = slotsWith(wanted, hashes.all());
      return new Set(slots.filter(slot => asked.has(read(slot))));
    },
    save: hashes.save,
    load: hashes.load,
  };
}

/** Values that are each looked for at 0.25 ms a million slots; for more, one pass over all slots takes less. */
const FEW = 8;

/** Slots whose hash is one of these. */
function slotsWith(wanted: ReadonlySet<number>, hashes: Uint32Array): number[] {
  const slots: number[] = [];
  if (wanted.size <= FEW) {
    for (const hash of wanted)
      for (let slot = hashes.indexOf(hash); slot >= 0; slot = hashes.indexOf(hash, slot + 1))
        slots.push(slot);
    return slots;
  }
  // Most slots are passed over by 16 bits of their hash.
  const marked = new Uint8Array(65_536);
  for (const hash of wanted) marked[hash & 0xffff] = 1;
  for (let slot = 0; slot < hashes.length; slot++)
    if (marked[hashes[slot]! & 0xffff] === 1 && wanted.has(hashes[slot]!)) slots.push(slot);
  return slots;
}

/** The hash of a slot without a value, which no value has. */
const NO_VALUE = 0;

/** FNV-1a over UTF-16 units, 32 bits, of which 0 is left out. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash >>> 0 || 1;
}
