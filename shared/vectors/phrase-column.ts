import { createByteRuns, lengthOf } from './byte-runs.ts';
import type { Cell } from './cells.ts';
import type { PhraseColumn } from './column.ts';
import { decodeLetters, encodeLetters, JOINER } from './letter-text.ts';

/** Cells without a text, by the marks of their slots; a text of spaces has no phrase, and is none. */
const MISSING = 0;
const NULL = 1;
const NO_TEXT = 2;
const NOTHING: Cell = Object.freeze([]);
const MARKED: readonly Cell[] = [undefined, null, NOTHING];

/**
 * A field in which phrases are found: all texts end to end in UTF-8, so that one search through the bytes finds every
 * slot. Texts begin and end with a space and have no two, so that no phrase is found across the end of one; those of
 * letters have none but the first (see letter-text.ts), which no phrase of letters has.
 */
export function createPhraseColumn(type: 'phrase' | 'letters'): PhraseColumn {
  const isLetters = type === 'letters';
  const encode = (text: string): Buffer => (isLetters ? encodeLetters(text) : Buffer.from(text));
  const decode = isLetters ? decodeLetters : (text: Uint8Array): string => Buffer.from(text).toString('utf8');
  const texts = createByteRuns();

  const at = (slot: number): Cell => {
    const text = texts.at(slot);
    return typeof text === 'number' ? MARKED[text] : decode(text);
  };

  return {
    type,
    at,
    set(slot, cell) {
      const before = texts.at(slot);
      if (typeof cell === 'string' && cell.trim() !== '') {
        const text = encode(cell);
        // A point is mostly written again for its other fields.
        if (typeof before === 'number' || !text.equals(before)) texts.set(slot, text);
      } else {
        const mark = cell === undefined ? MISSING : cell === null ? NULL : NO_TEXT;
        if (before !== mark) texts.set(slot, mark);
      }
    },
    where(test) {
      const marked = MARKED.map(test);
      const codes = texts.codes();
      return slot => marked[codes[slot] ?? MISSING] ?? test(at(slot));
    },
    containing(wanted) {
      const codes = texts.codes();
      const found = new Uint8Array(Math.ceil(codes.length / 8));
      const find = searcher(isLetters ? encode(wanted).subarray(1) : encode(wanted));
      for (const { first, bytes } of texts.blocks()) {
        /** The slots below this one end before `end`. */
        let slot = first;
        let end = 0;
        for (let at = find(bytes, 0); at < bytes.length; at = find(bytes, end)) {
          for (; end <= at; slot++) end += lengthOf(codes[slot]!);
          found[(slot - 1) >> 3]! |= 1 << ((slot - 1) & 7);
        }
      }
      return slot => ((found[slot >> 3]! >> (slot & 7)) & 1) === 1;
    },
    save: texts.save,
    load: texts.load,
  };
}

/**
 * Finds bytes in others: Horspool's simplification of Boyer and Moore (Practical Fast Searching in Strings, 1980).
 * Where many texts have the bytes, it saves as many calls out of JavaScript. Bytes that are joined to the next are none.
 * @returns the place of the first from `from` on; the end of the bytes where there is none
 */
function searcher(needle: Uint8Array): (bytes: Uint8Array, from: number) => number {
  const { length } = needle;
  /** By the byte under the needle's last: how far the needle may move. */
  const steps = new Int32Array(256).fill(length);
  for (let i = 0; i < length - 1; i++) steps[needle[i]!] = length - 1 - i;
  return (bytes, from) => {
    const end = bytes.length;
    for (let at = from; at + length <= end; at += steps[bytes[at + length - 1]!]!) {
      let i = length - 1;
      while (i >= 0 && bytes[at + i] === needle[i]) i--;
      if (i < 0 && bytes[at - 1] !== JOINER && bytes[at + length] !== JOINER) return at;
    }
    return end;
  };
}
