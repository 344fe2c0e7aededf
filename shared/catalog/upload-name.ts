const LONGEST_NAME = 255;

/**
 * The file name that an upload is shown and downloaded by: the last part of a path, without control characters.
 * It names nothing in the store, so it can be any text. Null where nothing is left.
 */
export function uploadName(given: string): string | null {
  const last = given.toWellFormed().split(/[/\\]/).at(-1) ?? '';
  const name = last.replaceAll(/\p{Cc}/gu, '').trim();
  return name === '' ? null : [...name].slice(0, LONGEST_NAME).join('');
}
