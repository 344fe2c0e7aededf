import { type ErrorCode, SemblanceError } from '../../shared/errors.ts';
import type { ObjectStore } from '../../shared/objects/object-store.ts';
import type { WorkQueue } from '../../shared/queue/work-queue.ts';
import type { VectorIndex } from '../../shared/vectors/vector-index.ts';

/** What is away for a while. */
export type Away = 'originals' | 'derived' | 'index';

/** The process ended between two calls to its ports. */
export class Killed extends Error {}

export type Fate = {
  /** Which ports do not respond at the moment. */
  readonly away: ReadonlyMap<Away, number>;
  /** Called before every call of a port; throws Killed when the process is dead by then. */
  readonly live: () => void;
};

export type Ports = {
  readonly originals: ObjectStore;
  readonly derived: ObjectStore;
  readonly index: VectorIndex;
  readonly queue: WorkQueue;
};

/** The ports of a process that may be killed between any two calls, and whose dependencies may be away. */
export function mortalPorts(ports: Ports, fate: Fate): Ports {
  return {
    originals: mortal(ports.originals, fate, () => reach(fate, 'originals', 'store_unavailable')),
    derived: mortal(ports.derived, fate, () => reach(fate, 'derived', 'store_unavailable')),
    index: mortal(ports.index, fate, () => reach(fate, 'index', 'index_unavailable')),
    queue: mortal(ports.queue, fate, () => {}),
  };
}

function reach({ away }: Fate, what: Away, code: ErrorCode): void {
  if (away.has(what)) throw new SemblanceError(code, `${what} is away`);
}

/** The same port, whose calls go through both checks first. */
function mortal<T extends object>(port: T, { live }: Fate, answers: () => void): T {
  return new Proxy(port, {
    get(target, name) {
      const method: unknown = Reflect.get(target, name);
      if (typeof method !== 'function') return method;
      return (...given: unknown[]) => {
        const call = (): unknown => {
          live();
          answers();
          return Reflect.apply(method, target, given);
        };
        if (name !== 'list') return Promise.resolve().then(call);
        return listing(call);
      };
    },
  });
}

async function* listing(call: () => unknown) {
  yield* call() as AsyncIterable<unknown>;
}
