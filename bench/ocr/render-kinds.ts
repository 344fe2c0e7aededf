/**
 * `node bench/ocr/render-kinds.ts [beginning of names]`: draws bench/ocr/kinds and tests/fixtures/words anew. They are
 * committed, so nobody needs to. Fonts (Debian): fonts-dejavu, fonts-liberation, fonts-noto-cjk, fonts-noto-cjk-extra;
 * Thai comes with npm. The same machine draws the same bytes.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { drawKind } from './draw-kind.ts';
import { fixtures } from './fixtures.ts';
import { KINDS } from './images.ts';
import { kinds } from './kinds.ts';

const FIXTURES = join(import.meta.dirname, '../../tests/fixtures/words');
const begin = process.argv[2] ?? '';

await mkdir(KINDS, { recursive: true });
let total = 0;
for (const kind of kinds.filter(({ file }) => file.startsWith(begin))) {
  const image = await drawKind(kind);
  const { size } = await image.webp({ quality: 82, effort: 6 }).toFile(join(KINDS, kind.file));
  total += size;
}
for (const fixture of fixtures.filter(({ file }) => file.startsWith(begin))) {
  const bytes = await (await drawKind(fixture)).png({ palette: fixture.ground !== 'none' }).toBuffer();
  await writeFile(join(FIXTURES, fixture.file), bytes);
  total += bytes.length;
}
console.log(`${(total / 1e6).toFixed(2)} MB drawn`);
