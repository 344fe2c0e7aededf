import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { type ErrorCode, SemblanceError } from '../errors.ts';
import { openFolderStore } from '../objects/folder-store.ts';
import type { ObjectStore } from '../objects/object-store.ts';
import { MAX_FAILURES } from '../queue/work-queue.ts';
import { type DerivedStore, openDerivedStore } from './derived-store.ts';
import { createKeyWork, type KeyWork } from './key-work.ts';

const folder = mkdtempSync(join(tmpdir(), 'semblance-key-work-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const log = { debug() {}, info() {}, warn() {}, error() {} };
const NAMESPACE = '7d1bb2a5-4d3c-4f7e-9a43-61f3a2a0d8c1';

let derived: ObjectStore;
let store: DerivedStore;
let stores = 0;
beforeEach(async () => {
  derived = await openFolderStore(join(folder, String(stores++)));
  store = openDerivedStore({ derived, log });
});

/** A key whose work ends with this error, with dependencies that respond or are away. */
function failing(error: unknown, away: ErrorCode | null = null): KeyWork {
  return createKeyWork({
    originals: { head: async () => null },
    derived,
    index: {
      async count() {
        if (away) throw new SemblanceError(away, 'away');
        return 1;
      },
    },
    reconcile: async () => {
      throw error;
    },
    namespace: NAMESPACE,
    log,
    now: () => new Date('2026-01-02T03:04:05Z'),
    random: () => 1,
  });
}

const task = { key: 'a.jpg', failures: 0, suspect: false };
const failures = async () => {
  const found = [];
  for await (const failure of store.listFailures()) found.push(failure);
  return found;
};

describe('an error', () => {
  it.each([
    'disk_full',
    'data_read_only',
    'index_denied',
    'model_missing',
    'model_unreachable',
    'queue_unavailable',
  ] as const)('of the dependencies holds the key, whatever its failures: %s', async code => {
    const result = await failing(new SemblanceError(code, 'x'))({ ...task, failures: 99 });
    expect(result).toMatchObject({ type: 'held', error: { code } });
    expect(await failures()).toEqual([]);
  });

  it.each(['index_unavailable', 'index_rejected', 'store_unavailable', 'store_denied'] as const)(
    'that may be either is the dependencies’ while they do not respond: %s',
    async code => {
      const result = await failing(new SemblanceError(code, 'x'), 'index_unavailable')(task);
      expect(result).toMatchObject({ type: 'held', error: { code: 'index_unavailable', message: 'away' } });
    },
  );

  it.each(['index_unavailable', 'store_unavailable', 'precondition_failed', 'machine_busy'] as const)(
    'that may heal is counted while the dependencies respond, then given up with its reason: %s',
    async code => {
      const work = failing(new SemblanceError(code, 'x'));
      for (let failed = 0; failed < MAX_FAILURES - 1; failed++)
        expect(await work({ ...task, failures: failed })).toMatchObject({
          type: 'failed',
          delaySeconds: 2 * 4 ** failed,
        });
      const last = await work({ ...task, failures: MAX_FAILURES - 1 });
      expect(last).toMatchObject({ type: 'settled', outcome: { type: 'failed', key: 'a.jpg', code } });
      // A sweep of the next night tries it again.
      expect(await failures()).toMatchObject([
        { key: 'a.jpg', code, message: 'x', retry_at: '2026-01-02T09:04:05.000Z' },
      ]);
    },
  );

  it('that can’t heal is given up at once, and no sweep tries it again', async () => {
    const result = await failing(new SemblanceError('index_rejected', 'a bad vector'))(task);
    expect(result).toMatchObject({ type: 'settled', outcome: { type: 'failed', code: 'index_rejected' } });
    expect(await failures()).toMatchObject([{ message: 'a bad vector', retry_at: null }]);
  });

  it('that is not in the table of errors is counted, then listed as a fault of the program', async () => {
    const work = failing(new TypeError('x is not a function'));
    expect(await work(task)).toMatchObject({ type: 'failed' });
    await work({ ...task, failures: MAX_FAILURES - 1 });
    expect(await failures()).toMatchObject([{ code: 'internal', message: 'x is not a function' }]);
  });

  it('is not given up while its reason can’t be written', async () => {
    const { put } = derived;
    derived.put = async () => {
      throw new SemblanceError('disk_full', 'no space');
    };
    const work = failing(new SemblanceError('machine_busy', 'x'));
    expect(await work({ ...task, failures: MAX_FAILURES })).toMatchObject({
      type: 'held',
      error: { code: 'disk_full' },
    });
    derived.put = put;
    expect(await work({ ...task, failures: MAX_FAILURES })).toMatchObject({ type: 'settled' });
  });
});

describe('a suspect', () => {
  it('leaves a note while it is worked on, and none after, however it ends', async () => {
    const suspect = { ...task, suspect: true };
    let noted = 0;
    const work = createKeyWork({
      originals: { head: async () => null },
      derived,
      index: { count: async () => 0 },
      reconcile: async key => {
        for await (const _ of derived.list('crashes/')) noted++;
        if (noted === 2) throw new SemblanceError('machine_busy', 'x');
        return { type: 'indexed', id: 'i', key };
      },
      namespace: NAMESPACE,
      log,
    });
    expect(await work(suspect)).toMatchObject({ type: 'settled' });
    expect(await work(suspect)).toMatchObject({ type: 'failed' });
    expect(noted).toBe(2);
    for await (const note of derived.list('crashes/')) expect(note).toBeUndefined();
  });
});
