import type { Hit } from '../../shared/search/search.ts';
import type { Gallery } from './gallery.ts';
import { response } from './session.ts';

/** Prints what was found, best first: score and file, so that it can be piped to an image viewer. */
export async function printHits(
  { name, index, fileOf }: Pick<Gallery, 'name' | 'index' | 'fileOf'>,
  hits: readonly Hit[],
  json: boolean | undefined,
  notice: string | null = null,
): Promise<void> {
  if (hits.length === 0 && (await index.count()) === 0) {
    process.stderr.write(`No image of ${name} is indexed yet: run \`npm run semblance -- index\`.\n`);
  }
  if (notice) process.stderr.write(`${notice}\n`);
  const rows = hits.map(({ id, payload, score }) => ({
    id,
    score,
    file: fileOf(payload.key),
    width: payload.width,
    height: payload.height,
    ocr_text: payload.ocr_text,
  }));
  const text = rows.map(({ score, file }) => `${score.toFixed(3)}  ${file}`).join('\n');
  response(json, rows, text === '' ? 'Nothing was found.' : text);
}
