import { idOfKey, uploadId } from '../../shared/catalog/ids.ts';
import { isPassing, SemblanceError } from '../../shared/errors.ts';
import type { Library } from '../../shared/indexing/library.ts';
import type { ReconcileDeps } from '../../shared/indexing/reconcile.ts';
import { expectAcknowledged, type Promises } from './acknowledged.ts';
import { type Change, expectIndexEqualsStore } from './changing-store.ts';
import { type Domain, NAMESPACE, openDomain, type Person, uploadOfText } from './domain.ts';
import { type Away, faultyPorts, Killed, type Ports } from './faulty-ports.ts';

/** Where images are kept and indexed. */
export type Place = { readonly ports: Ports; readonly person: Person; close(): Promise<void> };

/** A fault that happens to the processes, beside the changes of users. */
export type Fault =
  | { readonly type: 'outage'; readonly what: Away; readonly steps: number }
  | { readonly type: 'crash'; readonly process: 0 | 1; readonly calls: number };

export type FaultStep = {
  readonly change: Change | Fault | { readonly type: 'restore'; readonly text: string };
  /** How often the event comes: 0 is lost, 2 is doubled. */
  readonly copies: number;
  /** How many steps later. */
  readonly delay: number;
};

/** Keys in work at once. */
const AT_ONCE = 6;
/** ms; leftovers that could belong to work under way are removed once they are so old. */
const LATER = 2 * 3_600_000;

/**
 * Two processes index one place while users change it: events are lost and doubled, both work on one key, the
 * dependencies are away for a while, and either process is killed between any two of its calls, and started again.
 * In the end, after one sweep, the index is what the store says, and what was acknowledged holds.
 * @returns how many events there were
 */
export async function simulate(place: Place, steps: readonly FaultStep[]): Promise<number> {
  const away = new Map<Away, number>();
  const promises: Promises = { uploads: new Map(), stars: new Map() };
  const queued: string[] = [];
  const overrides = { wordsLater: async (key: string) => void queued.push(key) };
  const start = () => startProcess(place.ports, away, overrides);
  const processes = [start(), start()] as const;
  const inWork = new Set<Promise<void>>();
  const due = new Map<number, string[]>();
  let turns = 0;
  let events = 0;
  const next = () => processes[turns++ % 2 === 0 ? 0 : 1];

  /** Gives a key to one of the processes; a key whose work fails by a passing error stays in the queue. */
  async function deliver(key: string): Promise<void> {
    events++;
    try {
      await next().domain().reconcile(key);
    } catch (error) {
      if (!isInjected(error)) throw error;
      queued.push(key);
    }
  }

  for (const [at, { change, copies, delay }] of steps.entries()) {
    passStep(away);
    const keys = await happen(change, { place, away, processes, promises, next });
    for (let copy = 0; copy < copies; copy++) {
      const then = at + delay * (copy + 1);
      due.set(then, [...(due.get(then) ?? []), ...keys]);
    }
    for (const key of [...(due.get(at) ?? []), ...queued.splice(0, at % 3)]) {
      const work = deliver(key).finally(() => inWork.delete(work));
      inWork.add(work);
    }
    due.delete(at);
    if (inWork.size > AT_ONCE) await Promise.race(inWork);
  }
  await Promise.all(inWork);

  // Faults are over: what is queued is worked on, and a sweep finds what no event named.
  const calm = openDomain(place.ports, { now: () => new Date(Date.now() + LATER) });
  for (const key of [...queued, ...[...due.values()].flat()]) {
    events++;
    await calm.reconcile(key);
  }
  await calm.sweep({ allowDrop: true, words: true });
  await calm.drain();
  await expectIndexEqualsStore(calm);
  await expectAcknowledged(calm, promises);
  return events;
}

type Process = { domain(): Domain; killAfter(calls: number): void };

/** A process that is started again when it was killed. */
function startProcess(
  ports: Ports,
  away: ReadonlyMap<Away, number>,
  overrides: Partial<ReconcileDeps>,
): Process {
  let callsLeft = Number.POSITIVE_INFINITY;
  const start = () => {
    let isAlive = true;
    const live = () => {
      if (callsLeft-- <= 0) {
        isAlive = false;
        callsLeft = Number.POSITIVE_INFINITY;
      }
      if (!isAlive) throw new Killed();
    };
    return { isAlive: () => isAlive, domain: openDomain(faultyPorts(ports, { away, live }), overrides) };
  };
  let current = start();
  return {
    domain() {
      if (!current.isAlive()) current = start();
      return current.domain;
    },
    killAfter(calls) {
      callsLeft = calls;
    },
  };
}

type Scene = {
  readonly place: Place;
  readonly away: Map<Away, number>;
  readonly processes: readonly [Process, Process];
  readonly promises: Promises;
  readonly next: () => Process;
};

/** Makes the change; returns the keys that its events name. */
async function happen(change: FaultStep['change'], scene: Scene): Promise<string[]> {
  const { person } = scene.place;
  switch (change.type) {
    case 'outage':
      scene.away.set(change.what, change.steps);
      return [];
    case 'crash':
      scene.processes[change.process].killAfter(change.calls);
      return [];
    case 'write':
      await person.write(change.key, change.text);
      return [change.key];
    case 'delete':
      await person.remove(change.key);
      return [change.key];
    case 'rename':
      return (await person.rename(change.key, change.to)) ? [change.to, change.key] : [];
    case 'star': {
      const { starred } = change;
      await ask(scene, library => library.update(idOfKey(change.key, NAMESPACE), { starred }));
      return [change.key];
    }
    default:
      return changeUpload(change, scene);
  }
}

async function changeUpload(
  { type, text }: { readonly type: 'upload' | 'remove' | 'restore'; readonly text: string },
  scene: Scene,
): Promise<string[]> {
  const { uploads, stars } = scene.promises;
  const upload = uploadOfText(text, { starred: text.length % 2 === 0 });
  const id = uploadId(upload.sha1);
  const response = await ask(scene, library => {
    if (type === 'upload') return library.upload(upload);
    return type === 'remove' ? library.remove(id) : library.restore(id);
  });
  if (response === 'unsure') uploads.set(id, 'unsure');
  if (response === 'done') {
    // The bytes of an upload that was not acknowledged may never have been stored.
    const removed = uploads.get(id) === 'stored' ? 'trashed' : 'gone';
    uploads.set(id, type === 'remove' ? removed : 'stored');
    if (type === 'upload') stars.set(id, upload.record.starred);
  }
  return [`uploads/${id}.png`];
}

/** Sends a request to one of the processes; unsure where it gave no response. */
async function ask(
  { next }: Scene,
  request: (library: Library) => Promise<unknown>,
): Promise<'done' | 'rejected' | 'unsure'> {
  try {
    await request(next().domain().library);
    return 'done';
  } catch (error) {
    if (isInjected(error)) return 'unsure';
    if (error instanceof SemblanceError && error.status < 500) return 'rejected';
    throw error;
  }
}

const isInjected = (error: unknown): boolean => error instanceof Killed || isPassing(error);

function passStep(away: Map<Away, number>): void {
  for (const [what, left] of away) {
    if (left <= 0) away.delete(what);
    else away.set(what, left - 1);
  }
}
