/** What was read in a line. */
export type Transcript = {
  readonly text: string;
  /** Mean belief in its characters other than spaces, 0–1; 0 when there are none. */
  readonly score: number;
  /** Belief in the least certain of them. */
  readonly least: number;
};

/**
 * The likeliest character of each step, repetitions and blanks left out (greedy decoding of Graves et al.,
 * Connectionist Temporal Classification, 2006).
 * @param probabilities Float32Array[steps × classes.length], one step after another
 * @param classes of the output: '' for the blank
 */
export function decodeCtc(probabilities: Float32Array, classes: readonly string[]): Transcript {
  let text = '';
  const beliefs: number[] = [];
  let before = -1;
  for (let start = 0; start < probabilities.length; start += classes.length) {
    let best = 0;
    let most = probabilities[start]!;
    for (let i = 1; i < classes.length; i++) {
      const probability = probabilities[start + i]!;
      if (probability > most) [best, most] = [i, probability];
    }
    const character = classes[best] ?? '';
    if (best !== before) text += character;
    if (best !== before && character.trim() !== '') beliefs.push(most);
    before = best;
  }
  return transcript(text, beliefs);
}

/** @param beliefs one for each character other than spaces */
function transcript(text: string, beliefs: readonly number[]): Transcript {
  if (beliefs.length === 0) return { text: '', score: 0, least: 0 };
  const sum = beliefs.reduce((a, b) => a + b, 0);
  return { text: text.trim(), score: sum / beliefs.length, least: Math.min(...beliefs) };
}

/** Transcripts of a line's slices as that of the line; `newWord` where a slice begins with a new word. */
export function joinTranscripts(
  slices: readonly { readonly read: Transcript; readonly newWord: boolean }[],
): Transcript {
  const read = slices.filter(({ read: { text } }) => text !== '');
  const [first] = read;
  if (first === undefined) return { text: '', score: 0, least: 0 };
  if (read.length === 1) return first.read;
  const letters = (text: string) => [...text.replaceAll(' ', '')].length;
  const all = read.reduce((sum, { read: { text } }) => sum + letters(text), 0);
  return {
    text: read
      .map(({ read: { text }, newWord }) => (newWord ? ` ${text}` : text))
      .join('')
      .trim(),
    score: read.reduce((sum, { read: { text, score } }) => sum + score * letters(text), 0) / all,
    least: Math.min(...read.map(({ read: { least } }) => least)),
  };
}
