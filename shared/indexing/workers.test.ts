import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { SemblanceError } from '../errors.ts';
import { openSqliteQueue } from '../queue/sqlite-queue.ts';
import { createEvents } from './events.ts';
import type { KeyWork } from './key-work.ts';
import type { LibraryEvent } from './library.ts';
import type { Outcome } from './reconcile.ts';
import { startWorkers } from './workers.ts';

const folder = mkdtempSync(join(tmpdir(), 'semblance-workers-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
let files = 0;

type Asked = Parameters<KeyWork>[0];
type Worked = (task: Asked) => Promise<Outcome | { again: unknown } | { held: SemblanceError }>;

function open(work: Worked, concurrency = 2) {
  let time = Date.now();
  const queue = openSqliteQueue(join(folder, `${files++}.sqlite`), () => time);
  const events = createEvents();
  const emitted: LibraryEvent[] = [];
  events.subscribe(event => emitted.push(event));
  const log = { debug() {}, info() {}, warn() {}, error() {} };
  const keyWork: KeyWork = async task => {
    const done = await work(task);
    if ('again' in done) return { type: 'failed', error: done.again, delaySeconds: 0 };
    if ('held' in done) return { type: 'held', error: done.held };
    return { type: 'settled', outcome: done };
  };
  const pauses: number[] = [];
  const pause = (n: number): number => {
    pauses.push(n);
    return 1;
  };
  const start = () => startWorkers({ queue, keyWork, concurrency, events, log, pollEvery: 5, pause });
  const passSeconds = (seconds: number) => {
    time += seconds * 1000;
  };
  return { queue, emitted, start, pauses, passSeconds };
}

const indexed = (key: string): Outcome => ({ type: 'indexed', id: key, key });

describe('the workers', () => {
  it('settle every key, as many at once as they may, and emit what happened', async () => {
    let atOnce = 0;
    let most = 0;
    const { queue, emitted, start } = open(async ({ key }) => {
      most = Math.max(most, ++atOnce);
      await new Promise(resolve => setImmediate(resolve));
      atOnce--;
      return key === 'bad'
        ? { type: 'failed', id: key, key, code: 'image_corrupt' }
        : { type: 'indexed', id: key, key };
    }, 3);
    await queue.send(['a', 'b', 'c', 'd', 'e', 'bad']);
    const workers = start();
    await workers.idle();
    await workers.stop();
    expect(most).toBe(3);
    expect(await queue.counts()).toEqual({ waiting: 0, words: 0, inWork: 0, dead: 0 });
    expect(emitted.filter(event => event.type === 'indexed')).toHaveLength(5);
    expect(emitted).toContainEqual({ type: 'failed', id: 'bad', key: 'bad', code: 'image_corrupt' });
    expect(emitted.at(-1)).toMatchObject({ type: 'progress', done: 6, total: 6 });
  });

  it('try again what failed by its own fault, with a failure more each time', async () => {
    const seen: number[] = [];
    const { queue, start } = open(async ({ key, failures }) => {
      seen.push(failures);
      return failures === 3 ? indexed(key) : { again: new Error('a fault') };
    });
    await queue.send(['heals']);
    const workers = start();
    await workers.idle();
    await workers.stop();
    expect(seen).toEqual([0, 1, 2, 3]);
    expect(await queue.counts()).toEqual({ waiting: 0, words: 0, inWork: 0, dead: 0 });
  });

  it('pause while index or store are away, longer each time, then go on with everything', async () => {
    const away = new SemblanceError('index_unavailable', 'connection rejected');
    let left = 12;
    let most = 0;
    let atOnce = 0;
    const { queue, emitted, start, pauses } = open(async ({ key, failures }) => {
      most = Math.max(most, ++atOnce);
      await new Promise(resolve => setImmediate(resolve));
      atOnce--;
      expect(failures).toBe(0);
      if (left-- > 0) return { held: away };
      return indexed(key);
    }, 3);
    await queue.send(['a', 'b', 'c', 'd', 'e']);
    const workers = start();
    await workers.idle();
    await workers.stop();
    // Three keys were in work when it began; after each pause one key is tried.
    expect(pauses).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(most).toBe(3);
    expect(emitted.filter(event => event.type === 'indexed')).toHaveLength(5);
    expect(emitted.filter(event => event.type === 'paused')[0]).toMatchObject({
      code: 'index_unavailable',
      message: 'connection rejected',
    });
    expect(emitted.filter(event => event.type === 'resumed')).toHaveLength(1);
    expect(workers.trouble()).toBeNull();
    expect(await queue.counts()).toEqual({ waiting: 0, words: 0, inWork: 0, dead: 0 });
  });

  it('say what they wait for, and stop at once in a pause', async () => {
    const away = new SemblanceError('disk_full', 'no space left');
    const { queue, emitted, start } = open(async () => ({ held: away }));
    await queue.send(['a']);
    const workers = start();
    await expect.poll(() => emitted.map(event => event.type)).toContain('paused');
    expect(workers.trouble()).toBe(away);
    await workers.stop();
    expect(await queue.counts()).toEqual({ waiting: 1, words: 0, inWork: 0, dead: 0 });
  });

  it('work on what may have killed a process alone', async () => {
    let atOnce = 0;
    const alone: [string, boolean, number][] = [];
    const { queue, start, passSeconds } = open(async ({ key, suspect }) => {
      alone.push([key, suspect, ++atOnce]);
      await new Promise(resolve => setTimeout(resolve, 5));
      atOnce--;
      return indexed(key);
    }, 4);
    await queue.send(['a', 'b']);
    await queue.receive(2, 60); // and the process dies
    passSeconds(61);
    await queue.send(['c', 'd', 'e']);
    const workers = start();
    await workers.idle();
    await workers.stop();
    for (const [key, suspect, count] of alone) {
      expect(suspect).toBe(key === 'a' || key === 'b');
      if (suspect) expect(count).toBe(1);
    }
    expect(alone).toHaveLength(5);
  });

  it('report images first, then the words that were deferred', async () => {
    const seen = new Set<string>();
    const { queue, emitted, start } = open(async ({ key }) => {
      if (seen.has(key)) return { type: 'read', id: key, key };
      seen.add(key);
      await queue.send([key], { turn: 'words' });
      return { type: 'indexed', id: key, key, wordsFollow: true };
    });
    await queue.send(['a', 'b', 'c']);
    const workers = start();
    await workers.idle();
    await workers.stop();
    const steps = emitted.flatMap(event => (event.type === 'progress' ? [event] : []));
    for (const { done, total } of steps) expect([done <= total, total]).toEqual([true, 3]);
    expect(steps.at(0)).toMatchObject({ stage: 'pictures' });
    expect(steps.at(-1)).toMatchObject({ done: 3, total: 3 });
  });

  it('finish what is in work when they stop, and give back what does not finish', async () => {
    let release = () => {};
    const slow = new Promise<void>(resolve => {
      release = resolve;
    });
    let begun = () => {};
    const both = new Promise<void>(resolve => {
      begun = resolve;
    });
    let running = 0;
    const { queue, start } = open(async ({ key }) => {
      if (++running === 2) begun();
      await (key === 'stuck' ? new Promise(() => {}) : slow);
      return { type: 'indexed', id: key, key };
    });
    await queue.send(['finishes', 'stuck', 'waits']);
    const workers = start();
    await both;
    const stopped = workers.stop(50);
    release();
    await stopped;
    expect(await queue.counts()).toEqual({ waiting: 2, words: 0, inWork: 0, dead: 0 });
    const left = await queue.receive(10, 60);
    expect(left.map(message => message.key).sort()).toEqual(['stuck', 'waits']);
  });
});
