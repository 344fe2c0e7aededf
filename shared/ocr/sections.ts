/** A stretch of a long image: what is read, and the core whose lines count, px along the long edge. */
export type Section = {
  readonly start: number;
  readonly end: number;
  readonly coreStart: number;
  readonly coreEnd: number;
};

/** An image longer than this many times its short edge is read in sections. */
const LONG = 3;
/** Length of a section's core and its margin on either side, in short edges. */
const CORE = 2;
const MARGIN = 0.15;

/**
 * Cuts a long edge into overlapping sections, so that the words of a long screenshot or a panorama are not
 * shrunk away: detection sees every section at its own size. Cores tile the edge; a line counts where its
 * centre lies in the core, so none counts twice.
 */
export function sectionsOf(longEdge: number, shortEdge: number): Section[] {
  if (longEdge <= LONG * shortEdge) return [{ start: 0, end: longEdge, coreStart: 0, coreEnd: longEdge }];
  const count = Math.ceil(longEdge / (CORE * shortEdge));
  const margin = Math.round(MARGIN * shortEdge);
  const border = (i: number) => Math.round((i * longEdge) / count);
  return Array.from({ length: count }, (_, i) => ({
    start: Math.max(0, border(i) - margin),
    end: Math.min(longEdge, border(i + 1) + margin),
    coreStart: border(i),
    coreEnd: border(i + 1),
  }));
}
