import type { ErrorParameters } from '../../../shared/errors.ts';
import { formatBytes, formatCount } from './format.ts';
import { t } from './messages.ts';

/**
 * An error in the page's language; undefined where there is only the server's English sentence. Text in [brackets]
 * is left out where a number in it is not known.
 */
export function wordError(code: string, parameters: ErrorParameters = {}): string | undefined {
  return t.errors[code]?.replace(/\[([^\]]*)\]/g, (_, detail: string) => fill(detail, parameters) ?? '');
}

function fill(detail: string, parameters: ErrorParameters): string | null {
  const names = [...detail.matchAll(PLACEHOLDER)].map(([, name = '']) => name);
  if (names.some(name => parameters[name] === undefined)) return null;
  return detail.replace(PLACEHOLDER, (_, name: string) => {
    const value = parameters[name] ?? 0;
    return name.endsWith('bytes') ? formatBytes(value) : formatCount(value);
  });
}

const PLACEHOLDER = /\{(\w+)\}/g;
