import type { TextEncoder } from '../models/encoder.ts';
import names from './emoji-names.json' with { type: 'json' };

/** Emoji with what belongs to them; also those that are shown as text where nothing says otherwise. */
const EMOJI = /(\p{RGI_Emoji}|\p{Extended_Pictographic}\uFE0F?)(?:\s*\1)*/gv;
const SKIN_TONE = /[\u{1F3FB}-\u{1F3FF}]/gu;

const NAMES: ReadonlyMap<string, readonly string[]> = new Map(Object.entries(names));

/**
 * A text with each emoji replaced by its name (Unicode CLDR): in Chinese where the text is, else in English. Several
 * of the same in a row are named once.
 */
export function nameEmoji(text: string): string {
  const language = /\p{sc=Han}/u.test(text) ? 1 : 0;
  const named = text.replace(EMOJI, (whole, emoji: string) => {
    const name = nameOf(emoji)?.[language];
    return name === undefined ? whole : ` ${name} `;
  });
  return named === text ? text : named.replace(/\s+/g, ' ').trim();
}

const nameOf = (emoji: string): readonly string[] | undefined =>
  NAMES.get(plain(emoji)) ?? NAMES.get(plain(emoji.replace(SKIN_TONE, '')));

const plain = (emoji: string): string => emoji.replaceAll('\uFE0F', '');

/**
 * The encoder for people who search by emoji. Models that know most languages know emoji too; others have hardly
 * seen any, and find far more by their names.
 */
export const namingEmoji = (encoder: TextEncoder): TextEncoder =>
  encoder.model.languages.includes('*')
    ? encoder
    : { ...encoder, encodeText: text => encoder.encodeText(nameEmoji(text)) };
