import { type ErrorCode, SemblanceError } from '../../shared/errors.ts';
import type { ObjectStore } from '../../shared/objects/object-store.ts';
import type { WorkQueue } from '../../shared/queue/work-queue.ts';
import type { VectorIndex } from '../../shared/vectors/vector-index.ts';

/** A dependency that may be away for a while. */
export type Away = 'originals' | 'derived' | 'index';

/** The process ended between two calls to its ports. */
export class Killed extends Error {}

/** The faults that are injected. */
export type Injected = {
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
export function faultyPorts(ports: Ports, injected: Injected): Ports {
  return {
    originals: faulty(ports.originals, injected, () =>
      assertPresent(injected, 'originals', 'store_unavailable'),
    ),
    derived: faulty(ports.derived, injected, () => assertPresent(injected, 'derived', 'store_unavailable')),
    index: faulty(ports.index, injected, () => assertPresent(injected, 'index', 'index_unavailable')),
    queue: faulty(ports.queue, injected, () => {}),
  };
}

function assertPresent({ away }: Injected, what: Away, code: ErrorCode): void {
  if (away.has(what)) throw new SemblanceError(code, `${what} is away`);
}

/** The same port; each call goes through both checks first. */
function faulty<T extends object>(port: T, { live }: Injected, assertPresentNow: () => void): T {
  return new Proxy(port, {
    get(target, name) {
      const method: unknown = Reflect.get(target, name);
      if (typeof method !== 'function') return method;
      return (...given: unknown[]) => {
        const call = (): unknown => {
          live();
          assertPresentNow();
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
