import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { SemblanceError } from '../../shared/errors.ts';
import { openLaptop } from './laptop.ts';

// The process of small-disk.test.ts: indexes a drive that is then unmounted and mounted again.
const [folder = '', data = ''] = process.argv.slice(2);
const mount = () => execFileSync('mount', ['-t', 'tmpfs', 'tmpfs', folder]);
const codeOf = (work: Promise<unknown>) =>
  work.then(
    () => 'none',
    error => (error instanceof SemblanceError ? error.code : String(error)),
  );

mount();
const fill = () => {
  for (const name of ['a.png', 'b.png']) writeFileSync(join(folder, name), name);
};
fill();
const h = await openLaptop({ folder, data });
await h.sweep();
await h.drain();
execFileSync('umount', [folder]);
const gone = {
  reconcile: await codeOf(h.reconcile('a.png')),
  sweep: await codeOf(h.sweep({ allowDrop: true })),
};
const kept = await h.index.count();
mount();
fill();
const back = { reconcile: await codeOf(h.reconcile('a.png')), sweep: await codeOf(h.sweep()) };
console.log(JSON.stringify({ gone, kept, back }));
