/** Parts of a text that are looked at; more than a page says nothing more of an image. */
const MOST_PARTS = 16;

/**
 * Cuts a text into parts that fit a model, at ends of sentences where it can, else between words, else within one.
 * In order; what lies beyond MOST_PARTS is left out.
 * @param fits of a text without spaces around
 */
export function partsOf(text: string, fits: (part: string) => boolean): string[] {
  if (fits(text)) return [text];
  const parts: string[] = [];
  for (const [cut, finer] of CUTS) {
    const pieces = cut(text);
    if (pieces.length < 2) continue;
    let part = '';
    for (const piece of pieces) {
      if (parts.length >= MOST_PARTS) break;
      if (fits((part + piece).trim())) {
        part += piece;
        continue;
      }
      if (part.trim() !== '') parts.push(part.trim());
      part = '';
      if (fits(piece.trim())) part = piece;
      else parts.push(...(finer ? partsOf(piece.trim(), fits) : [piece.trim()]));
    }
    if (part.trim() !== '') parts.push(part.trim());
    return parts.slice(0, MOST_PARTS);
  }
  return [text];
}

type Cut = (text: string) => string[];

const segments = (granularity: 'sentence' | 'word'): Cut => {
  const segmenter = new Intl.Segmenter(undefined, { granularity });
  return text => Array.from(segmenter.segment(text), ({ segment }) => segment);
};

/** From coarse to fine, and whether a piece that doesn't fit can be cut finer. */
const CUTS: readonly (readonly [Cut, boolean])[] = [
  [segments('sentence'), true],
  [segments('word'), true],
  [text => Array.from(text), false],
];
