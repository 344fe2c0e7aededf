/**
 * Texts of `letters` fields in RAM, in half the bytes: characters without the spaces between them. Words of several
 * characters, which are rare there, have a byte between these that UTF-8 never has.
 */
export const JOINER = 0xff;

const SINGLES = /^ (?:\S )*$/u;

/** @param text words between spaces, with one at each end; the bytes have the first of these */
export function encodeLetters(text: string): Buffer {
  if (SINGLES.test(text)) return Buffer.from(` ${text.replaceAll(' ', '')}`);
  const joiner = Buffer.of(JOINER);
  const parts = text
    .trim()
    .split(' ')
    .flatMap(word => Array.from(word, (letter, i) => [...(i === 0 ? [] : [joiner]), Buffer.from(letter)]));
  return Buffer.concat([Buffer.from(' '), ...parts.flat()]);
}

export function decodeLetters(bytes: Uint8Array): string {
  let text = '';
  for (let from = 1; from < bytes.length; ) {
    const joiner = bytes.indexOf(JOINER, from);
    const to = joiner < 0 ? bytes.length : joiner;
    text += [...Buffer.from(bytes.subarray(from, to)).toString('utf8')].join(' ');
    from = to + 1;
  }
  return ` ${text} `;
}
