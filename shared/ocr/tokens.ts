import traditional from 'opencc-js/dict/TSCharacters';

/**
 * How text is split into words, the same for images and queries: letters and digits by whole words; Chinese,
 * Japanese and Korean by single characters.
 */
// By Script_Extensions, so that the Japanese ー counts; letters, digits and marks only, so that 。 does not.
const CJK_CLASS = String.raw`(?=[\p{L}\p{N}\p{M}])[\p{scx=Han}\p{scx=Hiragana}\p{scx=Katakana}\p{scx=Hangul}]`;
const CJK = new RegExp(CJK_CLASS, 'u');
// A mark of voicing belongs to the kana before it: half-width ｶﾞ is the one letter ガ.
const CJK_CHARACTER = String.raw`${CJK_CLASS}[\u3099\u309a\uff9e\uff9f]?`;
const TOKEN = new RegExp(String.raw`${CJK_CHARACTER}|(?:(?!${CJK_CLASS})[\p{L}\p{N}\p{M}])+`, 'gu');

export type Token = {
  readonly text: string;
  readonly cjk: boolean;
  /** UTF-16 offset in the text as it was given to `tokenize`. */
  readonly start: number;
  readonly end: number;
};

/** Traditional characters' simplified forms, by OpenCC's table: `萬 万|與 与|乾 干`. */
const SIMPLIFIED: ReadonlyMap<string, string> = new Map(
  traditional.split('|').map(entry => {
    const [from = '', to = ''] = entry.split(' ');
    return [from, to];
  }),
);

/**
 * Tokens of a text in order. Each is folded by itself, so that offsets still point into the text as it stands
 * and what is shown keeps its accents: see `fold`.
 */
export function tokenize(text: string): Token[] {
  return Array.from(text.matchAll(TOKEN), match => ({
    text: fold(match[0]),
    cjk: CJK.test(match[0]),
    start: match.index,
    end: match.index + match[0].length,
  })).filter(token => token.text !== '');
}

/** Accents of Latin, Greek and Cyrillic letters; the marks of other scripts, such as が's, distinguish words. */
const ACCENTS = /[\u0300-\u036f]/g;

/** Letters that Unicode does not take apart, as people type them without a fitting keyboard. */
const PLAIN: Readonly<Record<string, string>> = {
  ß: 'ss',
  æ: 'ae',
  œ: 'oe',
  ø: 'o',
  đ: 'd',
  ð: 'd',
  þ: 'th',
  ł: 'l',
  ħ: 'h',
  ı: 'i',
  ς: 'σ',
};
const NOT_PLAIN = new RegExp(`[${Object.keys(PLAIN).join('')}]`, 'g');

/**
 * The form in which a token is compared: without width, ligatures, case and accents, and traditional Chinese as
 * simplified. So Müller, MULLER and ｍüller are one word, as are Straße and strasse, 樓 and 楼, ｶﾌｪ and カフェ,
 * whichever of them was typed, printed, or read by the OCR.
 */
function fold(token: string): string {
  const folded = token
    .normalize('NFKD')
    .toLowerCase()
    .replace(ACCENTS, '')
    .normalize('NFKC')
    .replace(NOT_PLAIN, letter => PLAIN[letter] ?? letter);
  return SIMPLIFIED.get(folded) ?? folded;
}

/** Stands between words in `lettersOf`. */
const BOUNDARY = '_';

/**
 * The payload field that parts of words match: all letters one by one, separated by spaces, with a sign where a word
 * begins and ends. A sequence of letters is then found as a phrase is, in either index, wherever it is.
 */
export function lettersOf(text: string): string {
  const letters: string[] = [];
  for (const { text: token, cjk } of tokenize(text)) {
    if (cjk) letters.push(token);
    else letters.push(...(letters.at(-1) === BOUNDARY ? [] : [BOUNDARY]), ...token, BOUNDARY);
  }
  return letters.join(' ');
}

/** A phrase of `lettersOf` for words of which the first may begin, and the last go on, with other letters. */
export function lettersOfPart(
  text: string,
  open: { readonly start: boolean; readonly end: boolean },
): string {
  const letters = lettersOf(text).split(' ');
  if (open.start && letters[0] === BOUNDARY) letters.shift();
  if (open.end && letters.at(-1) === BOUNDARY) letters.pop();
  return letters.join(' ');
}

/**
 * The payload field that exact phrases match, and a phrase to match with it: tokens separated by spaces.
 * An image that says 猫咪 is "猫 咪", so that 猫 is found in it; "cat" is not found in "catalogue".
 */
export const phraseOf = (text: string): string =>
  tokenize(text)
    .map(token => token.text)
    .join(' ');
