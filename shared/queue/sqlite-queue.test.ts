import { fork } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { describeWorkQueue } from '../../tests/contracts/work-queue.ts';
import { openDatabase } from '../sqlite.ts';
import { openSqliteQueue } from './sqlite-queue.ts';

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
  it('merges a key that waits already, and tries it at once, its failures forgotten', async () => {
    const { queue } = openWithClock();
    await queue.send(['a.jpg']);
    const [first] = await queue.receive(1, 30);
    await queue.retryLater(first?.receipt ?? '', 600);
    await queue.send(['a.jpg', 'a.jpg']);
    expect(await queue.counts()).toEqual({ waiting: 1, words: 0, inWork: 0, dead: 0 });
    expect(await queue.receive(10, 30)).toMatchObject([{ key: 'a.jpg', failures: 0 }]);
  });

  it('takes the keys of a back-fill after all others', async () => {
    const { queue } = openWithClock();
    await queue.send(['old/1.jpg', 'old/2.jpg', 'old/3.jpg'], { turn: 'sweep' });
    await queue.send(['new.jpg', 'old/3.jpg']);
    const first = (await queue.receive(2, 30)).map(message => message.key);
    const then = (await queue.receive(2, 30)).map(message => message.key);
    expect(first.sort()).toEqual(['new.jpg', 'old/3.jpg']);
    expect(then.sort()).toEqual(['old/1.jpg', 'old/2.jpg']);
  });

  it('takes keys for words last of all, marks them, and drops the mark where the image itself is queued', async () => {
    const { queue } = openWithClock();
    await queue.send(['words.jpg', 'both.jpg'], { turn: 'words' });
    await queue.send(['old.jpg', 'both.jpg'], { turn: 'sweep' });
    expect(await queue.counts()).toEqual({ waiting: 3, words: 1, inWork: 0, dead: 0 });
    const taken = await queue.receive(2, 30);
    expect(taken.map(({ key, words }) => [key, words]).sort()).toEqual([
      ['both.jpg', false],
      ['old.jpg', false],
    ]);
    expect(await queue.receive(2, 30)).toMatchObject([{ key: 'words.jpg', words: true }]);
  });

  it('touches nothing that is gone before all that people did was worked on', async () => {
    const { queue, passSeconds } = openWithClock();
    const keys = async (max: number) => (await queue.receive(max, 30)).map(({ key }) => key);
    await queue.send(['gone.jpg'], { turn: 'removal' });
    await queue.send(['words.jpg'], { turn: 'words' });
    await queue.send(['found.jpg'], { turn: 'sweep' });
    await queue.send(['new.jpg', 'later.jpg']);
    const [first, second] = await queue.receive(2, 30);
    expect([first?.key, second?.key].sort()).toEqual(['later.jpg', 'new.jpg']);
    // Something of the first turn is still in work.
    expect(await keys(1)).toEqual(['found.jpg']);
    await queue.done(first?.receipt ?? '');
    expect(await keys(1)).toEqual(['words.jpg']);
    // What is tried again much later holds nothing up.
    await queue.retryLater(second?.receipt ?? '', 20);
    expect(await keys(9)).toEqual(['gone.jpg']);
    await passSeconds(21);
    expect(await keys(9)).toContain(second?.key);
  });

  it('ignores a receipt whose message was delivered again', async () => {
    const { queue, passSeconds } = openWithClock();
    await queue.send(['a.jpg']);
    const [late] = await queue.receive(1, 5);
    await passSeconds(6);
    const [current] = await queue.receive(1, 5);
    await queue.done(late?.receipt ?? '');
    await queue.retryLater(late?.receipt ?? '', 0);
    expect(await queue.counts()).toEqual({ waiting: 0, words: 0, inWork: 1, dead: 0 });
    await queue.done(current?.receipt ?? '');
    expect(await queue.counts()).toEqual({ waiting: 0, words: 0, inWork: 0, dead: 0 });
  });

  it('lets the table of an older version go', async () => {
    const file = newFile();
    const older = openDatabase(file);
    older.exec(
      'CREATE TABLE message (id INTEGER PRIMARY KEY, key TEXT); INSERT INTO message (key) VALUES (1)',
    );
    older.close();
    const queue = openSqliteQueue(file);
    expect(await queue.counts()).toEqual({ waiting: 0, words: 0, inWork: 0, dead: 0 });
    await queue.close();
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

  it('holds after kill -9: every key goes to one of two processes, those in work as suspects, also when sent again', async () => {
    const file = newFile();
    const child = fork(join(import.meta.dirname, 'testing-child.ts'), [file], { stdio: 'inherit' });
    await new Promise<void>(done => child.once('message', () => done())); // it sent 200 and took 50
    child.kill('SIGKILL');
    await new Promise<void>(done => child.once('exit', () => done()));

    const one = openSqliteQueue(file);
    const two = openSqliteQueue(file);
    expect(await one.counts()).toEqual({ waiting: 200, words: 0, inWork: 0, dead: 0 });
    const [first] = await one.receive(10, 60);
    await one.giveBack(first?.receipt ?? '', 0);
    await one.send([first?.key ?? '']);
    const messages = [];
    for (;;) {
      const batches = await Promise.all([one.receive(10, 60), two.receive(10, 60)]);
      if (batches.every(batch => batch.length === 0)) break;
      messages.push(...batches.flat());
    }
    expect(new Set(messages.map(({ key }) => key)).size).toBe(200);
    expect(messages).toHaveLength(200);
    expect(messages.filter(({ suspect }) => suspect)).toHaveLength(50);
    await one.close();
    await two.close();
  });

  it('does not suspect a key that is sent again while it is in work', async () => {
    const { queue } = openWithClock();
    await queue.send(['a.jpg']);
    const [first] = await queue.receive(1, 60);
    await queue.send(['a.jpg'], { turn: 'sweep' });
    await queue.done(first?.receipt ?? '');
    expect(await queue.receive(1, 60)).toMatchObject([{ key: 'a.jpg', suspect: false }]);
  });
});
