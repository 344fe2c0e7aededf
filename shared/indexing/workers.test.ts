import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { SemblanceError } from '../errors.ts';
import { openSqliteQueue } from '../queue/sqlite-queue.ts';
import { createEvents } from './events.ts';
import type { LibraryEvent } from './library.ts';
import type { Reconcile } from './reconcile.ts';
import { startWorkers } from './workers.ts';

const folder = mkdtempSync(join(tmpdir(), 'semblance-workers-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
let files = 0;

function open(reconcile: Reconcile, concurrency = 2) {
  const queue = openSqliteQueue(join(folder, `${files++}.sqlite`));
  const events = createEvents();
  const told: LibraryEvent[] = [];
  events.subscribe(event => told.push(event));
  const log = { debug() {}, info() {}, warn() {}, error() {} };
  // a backoff of no time, so that retries come at once
  const random = () => -1;
  const start = () => startWorkers({ queue, reconcile, concurrency, events, log, pollEvery: 5, random });
  return { queue, told, start };
}

describe('the workers', () => {
  it('settle every key, as many at once as they may, and tell what happened', async () => {
    let atOnce = 0;
    let most = 0;
    const { queue, told, start } = open(async key => {
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
    expect(await queue.counts()).toEqual({ waiting: 0, inWork: 0, dead: 0 });
    expect(told.filter(event => event.type === 'indexed')).toHaveLength(5);
    expect(told).toContainEqual({ type: 'failed', id: 'bad', key: 'bad', code: 'image_corrupt' });
    expect(told.at(-1)).toMatchObject({ type: 'progress', done: 6, total: 6 });
  });

  it('try again what failed in passing, and give up in the dead letters', async () => {
    const tries = new Map<string, number>();
    const { queue, start } = open(async key => {
      const attempt = (tries.get(key) ?? 0) + 1;
      tries.set(key, attempt);
      if (key === 'heals' && attempt === 3) return { type: 'indexed', id: key, key };
      throw key === 'fault'
        ? new TypeError('a fault')
        : new SemblanceError('store_unavailable', 'no response');
    });
    await queue.send(['heals', 'never', 'fault']);
    const workers = start();
    await workers.idle();
    await workers.stop();
    expect(Object.fromEntries(tries)).toEqual({ heals: 3, never: 5, fault: 5 });
    expect(await queue.counts()).toEqual({ waiting: 0, inWork: 0, dead: 2 });
    expect(await queue.redrive()).toBe(2);
  });

  it('tell of images first, then of the words that were put off', async () => {
    const seen = new Set<string>();
    const { queue, told, start } = open(async key => {
      if (seen.has(key)) return { type: 'read', id: key, key };
      seen.add(key);
      await queue.send([key], { background: true });
      return { type: 'indexed', id: key, key, wordsFollow: true };
    });
    await queue.send(['a', 'b', 'c']);
    const workers = start();
    await workers.idle();
    await workers.stop();
    const steps = told.flatMap(event => (event.type === 'progress' ? [event] : []));
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
    const { queue, start } = open(async key => {
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
    expect(await queue.counts()).toEqual({ waiting: 2, inWork: 0, dead: 0 });
    const left = await queue.receive(10, 60);
    expect(left.map(message => message.key).sort()).toEqual(['stuck', 'waits']);
  });
});
