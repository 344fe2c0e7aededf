import traditional from 'opencc-js/dict/TSCharacters';

/**
 * How words are told apart, the same for images and queries: letters and digits by whole words; Chinese,
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

/** Traditional characters' simplified forms, by OpenCC's table: `萬 万|與 与|乾 干 乾`, the likeliest first. */
const SIMPLIFIED: ReadonlyMap<string, string> = new Map(
  traditional.split('|').map(entry => {
    const [from = '', to = ''] = entry.split(' ');
    return [from, to];
  }),
);

/**
 * Tokens of a text in order. Full-width letters, ligatures and case are folded (NFKC, lower-case) token by
 * token, so that offsets still point into the text as it stands; and traditional Chinese to simplified, so
 * that each finds the other, and that it doesn't matter where OCR took 樓 for 楼.
 */
export function tokenize(text: string): Token[] {
  return Array.from(text.matchAll(TOKEN), match => ({
    text: fold(match[0]),
    cjk: CJK.test(match[0]),
    start: match.index,
    end: match.index + match[0].length,
  }));
}

function fold(token: string): string {
  const folded = token.normalize('NFKC').toLowerCase();
  return SIMPLIFIED.get(folded) ?? folded;
}

/**
 * The payload field that exact phrases match, and a phrase to match with it: tokens separated by spaces.
 * An image that says 猫咪 is "猫 咪", so that 猫 is found in it; "cat" is not found in "catalogue".
 */
export const phraseOf = (text: string): string =>
  tokenize(text)
    .map(token => token.text)
    .join(' ');
