import { startWorkers } from '../../shared/indexing/workers.ts';
import { silent, uploadOfText } from './domain.ts';
import { openLaptop } from './laptop.ts';

// The process that crash.ts kills: indexes what it finds, uploads and stars, and reports what was acknowledged.
const [folder = '', data = '', round = '0'] = process.argv.slice(2);
const laptop = await openLaptop({ folder, data });
await laptop.sweep({ allowDrop: true });
startWorkers({
  queue: laptop.queue,
  keyWork: laptop.keyWork,
  concurrency: 4,
  events: laptop.events,
  log: silent,
  pollEvery: 5,
});
process.send?.({ type: 'ready' });

const uploads: string[] = [];
for (let i = 0; ; i++) {
  const { id } = await laptop.library.upload(uploadOfText(`upload ${round} ${i}`));
  process.send?.({ type: 'uploaded', id });
  uploads.push(id);
  for (const known of uploads.splice(0, Math.max(0, uploads.length - 2))) {
    if ((await laptop.library.state(known)) !== 'indexed') continue;
    await laptop.library.update(known, { starred: true });
    process.send?.({ type: 'starred', id: known });
  }
}
