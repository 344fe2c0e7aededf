import { appendFileSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import { openEmbeddedIndex } from './embedded-index.ts';
import { CRASH_SCHEMA, pointOf } from './testing-writer.ts';

/** A process for tests: closes a large index on the full disk that the folder lies on, and prints what is left. */

const [folder = ''] = process.argv.slice(2);
const file = join(folder, 'index.sqlite');
const POINTS = 2500;

/** Until nothing more fits. */
function fillDisk(): void {
  for (const bytes of [65_536, 4096, 64]) {
    try {
      for (;;) appendFileSync(join(folder, 'ballast'), Buffer.alloc(bytes));
    } catch {
      // The disk is full for pieces of this size.
    }
  }
}

const index = await openEmbeddedIndex({ file, schema: CRASH_SCHEMA });
await index.upsert(Array.from({ length: POINTS }, (_, n) => ({ ...pointOf(n, 0), payload: { step: n } })));
fillDisk();
await index.close();
const left = { image: existsSync(`${file}.ram`), half: existsSync(`${file}.ram.new`) };
const again = await openEmbeddedIndex({ file, schema: CRASH_SCHEMA });
console.log(JSON.stringify({ ...left, damagedFile: again.damagedFile, points: await again.count() }));
await again.close();
