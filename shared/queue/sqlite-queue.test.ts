import { fork } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { describeWorkQueue } from '../../tests/contracts/work-queue.ts';
import { openSqliteQueue } from './sqlite-queue.ts';
import { MAX_ATTEMPTS } from './work-queue.ts';

const folder = mkdtempSync(join(tmpdir(), 'semblance-queue-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
let files = 0;
const newFile = () => join(folder, `queue-${files++}.sqlite`);

function openWithClock(file = newFile()) {
  let time = 1_000_000;
  const queue = openSqliteQueue(file, () => time);
  return {
    queue,
    passSeconds: async (seconds: number) => {
      time += seconds * 1000;
    },
  };
}

describeWorkQueue('SQLite', async () => openWithClock());

describe('the SQLite queue', () => {
  it('merges a key that waits already, and tries it at once with all its attempts', async () => {
    const { queue } = openWithClock();
    await queue.send(['a.jpg']);
    const [first] = await queue.receive(1, 30);
    await queue.retryLater(first?.receipt ?? '', 600);
    await queue.send(['a.jpg', 'a.jpg']);
    expect(await queue.counts()).toEqual({ waiting: 1, inWork: 0, dead: 0 });
    expect(await queue.receive(10, 30)).toMatchObject([{ key: 'a.jpg', attempts: 1 }]);
  });

  it('takes the keys of a back-fill after all others', async () => {
    const { queue } = openWithClock();
    await queue.send(['old/1.jpg', 'old/2.jpg', 'old/3.jpg'], { background: true });
    await queue.send(['new.jpg', 'old/3.jpg']);
    const first = (await queue.receive(2, 30)).map(message => message.key);
    const then = (await queue.receive(2, 30)).map(message => message.key);
    expect(first.sort()).toEqual(['new.jpg', 'old/3.jpg']);
    expect(then.sort()).toEqual(['old/1.jpg', 'old/2.jpg']);
  });

  it('ignores a receipt whose message was delivered again', async () => {
    const { queue, passSeconds } = openWithClock();
    await queue.send(['a.jpg']);
    const [late] = await queue.receive(1, 5);
    await passSeconds(6);
    const [current] = await queue.receive(1, 5);
    await queue.done(late?.receipt ?? '');
    await queue.retryLater(late?.receipt ?? '', 0);
    expect(await queue.counts()).toEqual({ waiting: 0, inWork: 1, dead: 0 });
    await queue.done(current?.receipt ?? '');
    expect(await queue.counts()).toEqual({ waiting: 0, inWork: 0, dead: 0 });
  });

  it('buries a key that kills its process each time, though every start sends it again', async () => {
    const { queue, passSeconds } = openWithClock();
    for (let start = 1; start <= MAX_ATTEMPTS; start++) {
      await queue.send(['bomb.jpg'], { background: true });
      expect(await queue.receive(1, 60)).toHaveLength(1); // and the process dies
      await passSeconds(start % 2 ? 1 : 120);
    }
    await passSeconds(120);
    expect(await queue.receive(1, 60)).toEqual([]);
    expect(await queue.counts()).toEqual({ waiting: 0, inWork: 0, dead: 1 });
  });

  it('keeps a damaged file aside and begins a new one', async () => {
    const file = newFile();
    writeFileSync(file, 'this is no database at all, '.repeat(100));
    const queue = openSqliteQueue(file);
    await queue.send(['a.jpg']);
    expect(await queue.counts()).toMatchObject({ waiting: 1 });
    expect(readdirSync(folder).some(name => name.includes('damaged'))).toBe(true);
    await queue.close();
  });

  it('holds after kill -9, and delivers each key to one of two processes', async () => {
    const file = newFile();
    const child = fork(join(import.meta.dirname, 'testing-child.ts'), [file], { stdio: 'inherit' });
    await new Promise<void>(done => child.once('message', () => done())); // it sent 200 and took 50
    child.kill('SIGKILL');
    await new Promise<void>(done => child.once('exit', () => done()));

    const one = openSqliteQueue(file);
    const two = openSqliteQueue(file);
    expect(await one.counts()).toEqual({ waiting: 150, inWork: 50, dead: 0 });
    const keys: string[] = [];
    for (;;) {
      const batches = await Promise.all([one.receive(10, 60), two.receive(10, 60)]);
      if (batches.every(batch => batch.length === 0)) break;
      keys.push(...batches.flat().map(message => message.key));
    }
    expect(keys).toHaveLength(150);
    expect(new Set(keys).size).toBe(150);
    await one.close();
    await two.close();
  });
});
