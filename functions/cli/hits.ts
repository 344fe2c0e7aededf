import { join } from 'node:path';
import { parseOwnKey } from '../../shared/ids.ts';
import type { Hit } from '../../shared/search/search.ts';
import type { Local } from '../local/compose.ts';
import { answer } from './session.ts';

/** Prints what was found, best first: score and file, so that it can be piped to an image viewer. */
export function printHits(
  { data }: Pick<Local, 'data'>,
  hits: readonly Hit[],
  json: boolean | undefined,
  notice: string | null = null,
): void {
  if (notice) process.stderr.write(`${notice}\n`);
  const rows = hits.map(({ id, payload, score }) => ({
    id,
    score,
    file: join(parseOwnKey(payload.key) ? data.originals : data.source, payload.key),
    width: payload.width,
    height: payload.height,
    ocr_text: payload.ocr_text,
  }));
  const text = rows.map(({ score, file }) => `${score.toFixed(3)}  ${file}`).join('\n');
  answer(json, rows, text === '' ? 'Nothing was found.' : text);
}
