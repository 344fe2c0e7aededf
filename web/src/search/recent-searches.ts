import { z } from 'zod/mini';
import { parseJson } from '../state/parse-json.ts';

/** The texts that were searched for lately, the last one first; they stay in this browser. */
const KEY = 'semblance.recent-searches';
const MOST = 12;

export function recentSearches(): readonly string[] {
  const parsed = z.safeParse(z.array(z.string()), parseJson(localStorage.getItem(KEY)));
  return parsed.success ? parsed.data : [];
}

/** Puts a text that the user settled on first. */
export function rememberSearch(text: string): void {
  const searched = text.trim();
  if (searched === '') return;
  const others = recentSearches().filter(other => other !== searched);
  write([searched, ...others].slice(0, MOST));
}

export const forgetSearches = (): void => write([]);

function write(searches: readonly string[]): void {
  try {
    localStorage.setItem(KEY, JSON.stringify(searches));
  } catch {
    // The browser keeps nothing (more); searching works all the same.
  }
}
