/**
 * How words are told apart, the same for pictures and queries: letters and digits by whole words; Chinese,
 * Japanese and Korean by single characters.
 */
// By Script_Extensions, so that the Japanese ー counts; letters, digits and marks only, so that 。 does not.
const CJK_CLASS = String.raw`(?=[\p{L}\p{N}\p{M}])[\p{scx=Han}\p{scx=Hiragana}\p{scx=Katakana}\p{scx=Hangul}]`;
const CJK = new RegExp(CJK_CLASS, 'u');
const TOKEN = new RegExp(String.raw`${CJK_CLASS}|(?:(?!${CJK_CLASS})[\p{L}\p{N}\p{M}])+`, 'gu');

export type Token = {
  readonly text: string;
  readonly cjk: boolean;
  /** UTF-16 offset in the text as it was given to `tokenize`. */
  readonly start: number;
  readonly end: number;
};

/**
 * Tokens of a text in order. Full-width letters, ligatures and case are folded (NFKC, lower-case) token by
 * token, so that offsets still point into the text as it stands.
 */
export function tokenize(text: string): Token[] {
  return Array.from(text.matchAll(TOKEN), match => ({
    text: match[0].normalize('NFKC').toLowerCase(),
    cjk: CJK.test(match[0]),
    start: match.index,
    end: match.index + match[0].length,
  }));
}

/**
 * The payload field that exact phrases match, and a phrase to match with it: tokens separated by spaces.
 * A picture that says 猫咪 is "猫 咪", so that 猫 is found in it; "cat" is not found in "catalogue".
 */
export const phraseOf = (text: string): string =>
  tokenize(text)
    .map(token => token.text)
    .join(' ');
