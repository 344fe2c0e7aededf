import { randomUUID } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { SemblanceError } from '../../shared/errors.ts';
import type { ObjectStore } from '../../shared/objects/object-store.ts';
import { openS3Store } from '../../shared/objects/s3-store.ts';
import { openSqliteQueue } from '../../shared/queue/sqlite-queue.ts';
import { openEmbeddedIndex } from '../../shared/vectors/embedded-index.ts';
import { openQdrantIndex } from '../../shared/vectors/qdrant-index.ts';
import type { VectorIndex } from '../../shared/vectors/vector-index.ts';
import { type Aws, atBucket } from '../embed/function.ts';
import { startQdrantServer } from '../qdrant-server/server.ts';
import { schema } from './domain.ts';
import type { Place } from './fault-simulation.ts';
import { atFolder, openLaptopStores } from './laptop.ts';

type Index = { readonly index: VectorIndex; close(): Promise<void> };

export async function embeddedIn(folder: string): Promise<Index> {
  mkdirSync(folder, { recursive: true });
  const index = await openEmbeddedIndex({ file: join(folder, 'index.sqlite'), schema });
  await index.bootstrap();
  return { index, close: () => index.close() };
}

/** The adapter of Qdrant, on a server that speaks as Qdrant does. */
export async function qdrant(): Promise<Index> {
  const server = await startQdrantServer();
  const owner = { namespace: randomUUID(), model: 'model' };
  const index = openQdrantIndex({ url: server.url, owner, schema, retryDelay: 1 });
  await index.bootstrap();
  return {
    index,
    async close() {
      await index.close();
      await server.close();
    },
  };
}

/** A person's folder, and a data folder. */
export async function onLaptop(
  { folder, data }: { folder: string; data: string },
  { index, close }: Index,
): Promise<Place> {
  const { originals, derived } = await openLaptopStores({ folder, data });
  const queue = openSqliteQueue(join(data, 'queue.sqlite'));
  return {
    ports: { originals, derived, index, queue },
    person: atFolder(folder),
    async close() {
      await queue.close();
      await close();
    },
  };
}

/** Two buckets; the queue is a laptop's, since S3's events are what the test itself brings. */
export async function onAws(aws: Aws, data: string, { index, close }: Index): Promise<Place> {
  const bucket = () => aws.server.createBucket(`b-${randomUUID().slice(0, 13)}`).bucketName;
  const originals = openS3Store({ client: aws.s3, bucket: bucket(), prefix: 'my images/' });
  const derived = conditional(openS3Store({ client: aws.s3, bucket: bucket() }));
  mkdirSync(data, { recursive: true });
  const queue = openSqliteQueue(join(data, 'queue.sqlite'));
  return {
    ports: { originals, derived, index, queue },
    person: atBucket(originals),
    async close() {
      await queue.close();
      await close();
    },
  };
}

/** Checks the conditions of writes as S3 does and the test server does not, one write at a time. */
function conditional(store: ObjectStore): ObjectStore {
  let last: Promise<unknown> = Promise.resolve();
  const alone = <T>(work: () => Promise<T>): Promise<T> => {
    const run = last.then(work);
    last = run.catch(() => undefined);
    return run;
  };
  return {
    ...store,
    put: (key, body, options) =>
      alone(async () => {
        if (options.ifMatch !== undefined && ((await store.head(key))?.etag ?? null) !== options.ifMatch)
          throw new SemblanceError('precondition_failed', `${key} is not what it was`);
        return store.put(key, body, options);
      }),
    delete: key => alone(() => store.delete(key)),
  };
}
