import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { hasCode, SemblanceError } from '../../shared/errors.ts';
import { openLaptop } from './laptop.ts';

// The process of small-disk.test.ts: indexes until the small disk is full, frees some and goes on.
const [disk = '', folder = ''] = process.argv.slice(2);
const codeOf = (error: unknown) => (error instanceof SemblanceError ? error.code : String(error));
mkdirSync(folder, { recursive: true });
try {
  const ballast = join(disk, 'ballast');
  const h = await openLaptop({ folder, data: join(disk, 'data') });
  writeFileSync(ballast, Buffer.alloc(400_000));
  let indexed = 0;
  let code = 'none';
  while (code === 'none' && indexed < 5000) {
    const key = `${indexed}.png`;
    writeFileSync(join(folder, key), `image ${key}`);
    try {
      await h.reconcile(key);
      indexed++;
    } catch (error) {
      code = codeOf(error);
      if (!hasCode(error, 'disk_full')) throw error;
    }
  }
  rmSync(ballast);
  await h.sweep();
  await h.drain();
  const healed = (await h.index.count()) === indexed + 1;
  const leftOver = readdirSync(join(disk, 'data/derived/.store'));
  console.log(JSON.stringify({ code, healed, leftOver }));
} catch (error) {
  console.log(JSON.stringify({ code: codeOf(error) }));
}
