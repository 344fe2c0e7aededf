/**
 * Share of belief in a space that is taken for one where no letter is seen. CTC prefers its blank between words,
 * so that some run together: without it a third of the spaces between Chinese and digits are lost, with less of it
 * digits far apart are parted (bench/ocr).
 */
const ENOUGH_FOR_A_SPACE = 0.1;

/**
 * @param probabilities of each class at each step, one step after another; changed in place
 * @param classes CTC's blank first, the space last
 */
export function raiseSpaces(probabilities: Float32Array, classes: number): void {
  const space = classes - 1;
  for (let step = 0; step < probabilities.length; step += classes) {
    const blank = probabilities[step]!;
    // Over a half, the blank is the most likely of all.
    if (blank <= 0.5 || probabilities[step + space]! < ENOUGH_FOR_A_SPACE) continue;
    probabilities[step + space] = blank;
    probabilities[step] = 0;
  }
}
