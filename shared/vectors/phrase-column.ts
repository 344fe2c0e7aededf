import { z } from 'zod';
import type { Cell } from './cells.ts';
import type { PhraseColumn } from './columns.ts';
import { createSeries, int32s, withRoom } from './series.ts';

/** What stands where there is no text; a text of spaces has no phrase, and is none. */
const MISSING = -1;
const NULL = -2;
const NO_TEXT = -3;

const stateSchema = z.object({ texts: z.number(), dead: z.number() });

const NOTHING: Cell = Object.freeze([]);

/**
 * A field in which phrases are found: all texts end to end in UTF-8, in the order in which they came, so that one
 * search through the bytes finds every slot. Texts begin and end with a space and have no two, so that no phrase is
 * found across the end of one.
 */
export function createPhraseColumn(): PhraseColumn {
  /** By slot: the number of its text, or what stands for none. */
  const textOf = createSeries([int32s], MISSING);
  /** By number of a text: its first byte, after the last one the end; and its slot. */
  const starts = createSeries([int32s], 0);
  const slotOf = createSeries([int32s], -1);
  let bytes = Buffer.alloc(1024);
  let texts = 0;
  let used = 0;
  /** bytes of texts that no slot has any more. */
  let dead = 0;

  const append = (slot: number, text: Uint8Array): void => {
    if (used + text.length > bytes.length) {
      const larger = Buffer.alloc(withRoom(used + text.length));
      larger.set(bytes.subarray(0, used));
      bytes = larger;
    }
    bytes.set(text, used);
    used += text.length;
    textOf.set(slot, texts);
    slotOf.set(texts++, slot);
    starts.set(texts, used);
  };
  const bytesOf = (text: number): Buffer => bytes.subarray(starts.at(text), starts.at(text + 1));
  const isLive = (text: number): boolean => textOf.at(slotOf.at(text)) === text;

  /** Moves the living texts into new memory. */
  const compact = (): void => {
    const living: [number, Buffer][] = [];
    for (let text = 0; text < texts; text++) if (isLive(text)) living.push([slotOf.at(text), bytesOf(text)]);
    [bytes, texts, used, dead] = [Buffer.alloc(used - dead), 0, 0, 0];
    for (const [slot, text] of living) append(slot, text);
  };

  const at = (slot: number): Cell => {
    const text = textOf.at(slot);
    if (text >= 0) return bytesOf(text).toString('utf8');
    return text === NULL ? null : text === NO_TEXT ? NOTHING : undefined;
  };

  return {
    type: 'phrase',
    at,
    set(slot, cell) {
      const before = textOf.at(slot);
      const text = typeof cell === 'string' && cell.trim() !== '' ? Buffer.from(cell) : undefined;
      // a point is mostly written again for its other fields
      if (text && before >= 0 && text.equals(bytesOf(before))) return;
      if (before >= 0) dead += bytesOf(before).length;
      if (text) append(slot, text);
      else textOf.set(slot, cell === null ? NULL : cell === undefined ? MISSING : NO_TEXT);
      if (dead > 65_536 && dead > used / 2) compact();
    },
    where: test => slot => test(at(slot)),
    containing(wanted) {
      const found = new Uint8Array(texts);
      const ends = starts.first(texts + 1);
      let text = 0;
      const find = searcher(Buffer.from(wanted));
      for (let at = find(bytes, 0, used); at < used; at = find(bytes, ends[text + 1]!, used)) {
        while (ends[text + 1]! <= at) text++;
        found[text] = 1;
      }
      const all = textOf.all();
      return slot => found[all[slot]!] === 1;
    },
    save(writer) {
      for (const each of [textOf, starts, slotOf]) each.save(writer);
      writer.numbers(bytes.subarray(0, used));
      writer.json({ texts, dead });
    },
    load(reader) {
      for (const each of [textOf, starts, slotOf]) each.load(reader);
      used = reader.numbers(length => {
        bytes = Buffer.alloc(withRoom(length));
        return bytes.subarray(0, length);
      }).length;
      ({ texts, dead } = stateSchema.parse(reader.json()));
    },
  };
}

/**
 * Finds bytes in others: Horspool's simplification of Boyer and Moore (Practical Fast Searching in Strings, 1980).
 * Where many texts have the bytes, it saves as many calls out of JavaScript.
 * @returns the place of the first from `from` on; `end` where there is none
 */
function searcher(needle: Uint8Array): (bytes: Uint8Array, from: number, end: number) => number {
  const { length } = needle;
  /** By the byte under the needle's last: how far the needle may move. */
  const steps = new Int32Array(256).fill(length);
  for (let i = 0; i < length - 1; i++) steps[needle[i]!] = length - 1 - i;
  return (bytes, from, end) => {
    for (let at = from; at + length <= end; at += steps[bytes[at + length - 1]!]!) {
      let i = length - 1;
      while (i >= 0 && bytes[at + i] === needle[i]) i--;
      if (i < 0) return at;
    }
    return end;
  };
}
