import { openSqliteQueue } from './sqlite-queue.ts';

// The process that sqlite-queue.test.ts kills: sends 200 keys, takes 50, says so and waits.
const queue = openSqliteQueue(process.argv[2] ?? '');
await queue.send(Array.from({ length: 200 }, (_, i) => `${i}.jpg`));
await queue.receive(50, 60);
process.send?.('ready');
setInterval(() => undefined, 60_000);
