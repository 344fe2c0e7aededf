import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { SemblanceError } from '../errors.ts';
import { openEmbeddedIndex } from './embedded-index.ts';
import { CRASH_SCHEMA, writeOf } from './testing-writer.ts';

/** A process for tests: fills the small disk that the folder lies on, frees some, and prints what happened. */

const [folder = ''] = process.argv.slice(2);
const codeOf = (error: unknown): string => (error instanceof SemblanceError ? error.code : String(error));
const file = join(folder, 'index.sqlite');
const ballast = join(folder, 'ballast');

try {
  if (!existsSync(file)) writeFileSync(ballast, Buffer.alloc(256 * 1024));
  const index = await openEmbeddedIndex({ file, schema: CRASH_SCHEMA });
  let written = 0;
  let code = 'none';
  while (code === 'none' && written < 10_000) {
    try {
      await writeOf(written).run(index);
      written++;
    } catch (error) {
      code = codeOf(error);
    }
  }
  const count = await index.count();
  rmSync(ballast);
  await writeOf(0).run(index);
  const { points } = await index.scroll({ limit: 1000 });
  console.log(JSON.stringify({ code, searchable: count > 0, afterFreeing: points.length >= count }));
} catch (error) {
  console.log(JSON.stringify({ code: codeOf(error) }));
}
