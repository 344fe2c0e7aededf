import { z } from 'zod';
import type { ObjectStore } from '../objects/object-store.ts';
import type { WorkQueue } from '../queue/work-queue.ts';
import type { VectorIndex } from '../vectors/vector-index.ts';

/** Requests to S3, Qdrant and SQS, without retries. Calls of embedded adapters are counted too, at no cost. */
export const requestsSchema = z.object({
  originals: z.number(),
  derived: z.number(),
  index: z.number(),
  queue: z.number(),
});
export type Requests = z.infer<typeof requestsSchema>;

/** Objects that S3 lists, and messages that SQS takes, in one request. */
const LISTED_AT_ONCE = 1_000;
const SENT_AT_ONCE = 10;

type Ports = {
  readonly originals: ObjectStore;
  readonly derived: ObjectStore;
  readonly index: VectorIndex;
  readonly queue: WorkQueue;
};

/** The ports as a sweep uses them, adding what it asks to `requests`. */
export function countRequests<T extends Ports>(ports: T, requests: Requests): T {
  const { index, queue } = ports;
  const counted =
    <Arguments extends unknown[], Result>(
      name: keyof Requests,
      work: (...values: Arguments) => Result,
      howMany: (...values: Arguments) => number = () => 1,
    ) =>
    (...values: Arguments): Result => {
      requests[name] += howMany(...values);
      return work(...values);
    };
  const store = (name: 'originals' | 'derived'): ObjectStore => {
    const given = ports[name];
    return {
      ...given,
      head: counted(name, given.head),
      get: counted(name, given.get),
      put: counted(name, given.put),
      delete: counted(name, given.delete),
      async *list(...values) {
        let listed = 0;
        for await (const object of given.list(...values)) {
          if (listed++ % LISTED_AT_ONCE === 0) requests[name]++;
          yield object;
        }
        if (listed === 0) requests[name]++;
      },
    };
  };
  return {
    ...ports,
    originals: store('originals'),
    derived: store('derived'),
    index: {
      ...index,
      scroll: counted('index', index.scroll),
      count: counted('index', index.count),
      delete: counted('index', index.delete),
    },
    queue: { ...queue, send: counted('queue', queue.send, keys => Math.ceil(keys.length / SENT_AT_ONCE)) },
  };
}

/** Adds counts to others of the same names. */
export function add(counts: Record<string, number>, more: Readonly<Record<string, number>>): void {
  for (const [name, value] of Object.entries(more)) counts[name] = (counts[name] ?? 0) + value;
}
