import { SemblanceError } from '../errors.ts';

/** The form in which names of categories are compared. */
export const normalCategory = (name: string): string => name.toWellFormed().normalize('NFC').trim();

/**
 * Categories as they are kept: trimmed, in Unicode normal form C, each once.
 * @throws invalid_request for one that is empty, or that has a comma: filters name categories as a comma-separated
 * list, so no request could name it
 */
export function keptCategories(names: readonly string[]): string[] {
  const kept = new Set<string>();
  for (const given of names) {
    const name = normalCategory(given);
    if (name === '') throw new SemblanceError('invalid_request', 'A category must have a name');
    if (name.includes(','))
      throw new SemblanceError(
        'invalid_request',
        `A category's name can't have a comma: ${JSON.stringify(name)}`,
      );
    kept.add(name);
  }
  return [...kept];
}
