import { setTimeout as sleep } from 'node:timers/promises';
import type { Config } from '../../shared/config.ts';
import { SemblanceError } from '../../shared/errors.ts';
import { createS3Client, openS3Store } from '../../shared/objects/s3-store.ts';
import { openSqsQueue } from '../../shared/queue/sqs-queue.ts';
import { createSqsClient } from '../../shared/queue/sqs-requests.ts';
import { checkVersion, collectionName, readCollection } from '../../shared/vectors/qdrant-collection.ts';
import { connectQdrant } from '../../shared/vectors/qdrant-connection.ts';
import { withAdvice } from '../local/failure.ts';

export type Check = { readonly name: string; readonly fine: boolean; readonly says: string };

/** ms that a service gets to respond. */
const PATIENCE = 5_000;

/** Asks Qdrant, the buckets and the queue, as far as the configuration names them, all at once. */
export async function checkServices(config: Config, fingerprint: string | null): Promise<Check[]> {
  const { qdrant, idNamespace, bucket, prefix, uploadsBucket, derivedBucket, queueUrl } = config;
  const s3 = createS3Client({ maxAttempts: 1, requestTimeout: PATIENCE });
  const sqs = createSqsClient({ maxAttempts: 1, requestTimeout: PATIENCE });
  const bucketCheck = (name: string, place: string | undefined, under = '') =>
    place === undefined
      ? []
      : [
          responds(name, async () => {
            for await (const object of openS3Store({ client: s3, bucket: place, prefix: under }).list(''))
              return `s3://${place}/${under}${object.key} and others`;
            return `s3://${place}/${under} is empty`;
          }),
        ];
  const checks = [
    ...(qdrant ? [responds('Qdrant', () => askQdrant(qdrant, ownerOf(idNamespace, fingerprint)))] : []),
    ...bucketCheck('Originals', bucket, prefix),
    ...bucketCheck('Uploads', uploadsBucket),
    ...bucketCheck('Derived', derivedBucket),
    ...(queueUrl === undefined
      ? []
      : [
          responds('Queue', async () => {
            const { waiting, inWork, dead } = await openSqsQueue({ client: sqs, queueUrl }).counts();
            return `${waiting} waiting, ${inWork} in work or held, ${dead} dead letters`;
          }),
        ]),
  ];
  const results = await Promise.all(checks);
  s3.destroy();
  sqs.destroy();
  return results;
}

const ownerOf = (namespace: string | undefined, model: string | null) =>
  namespace !== undefined && model !== null ? { namespace, model } : null;

async function askQdrant(
  qdrant: NonNullable<Config['qdrant']>,
  owner: { namespace: string; model: string } | null,
): Promise<string> {
  const connection = connectQdrant({ ...qdrant, timeout: PATIENCE, retries: 0 });
  const version = `Qdrant ${await checkVersion(connection)} at ${qdrant.url}`;
  if (!owner) {
    const { collections } = await connection.ask(() => connection.client.getCollections());
    return `${version}, ${collections.length} collections`;
  }
  const found = await readCollection(connection, owner);
  if (!found) return `${version}; the collection ${collectionName(owner)} is made by the first search`;
  return `${version}; ${found.points_count ?? 'unknown'} images in ${collectionName(owner)}, ${found.status}`;
}

/** What a service responds and how soon, or why it doesn't respond. */
async function responds(name: string, ask: () => Promise<string>): Promise<Check> {
  const began = performance.now();
  const patience = new AbortController();
  const tooLate = sleep(PATIENCE, null, { signal: patience.signal, ref: false }).catch(() => null);
  try {
    const says = await Promise.race([ask(), tooLate]);
    if (says === null) return { name, fine: false, says: `did not respond within ${PATIENCE / 1000} s` };
    return { name, fine: true, says: `${says} (${Math.round(performance.now() - began)} ms)` };
  } catch (error) {
    if (!(error instanceof SemblanceError)) throw error;
    return { name, fine: false, says: withAdvice(error) };
  } finally {
    patience.abort();
  }
}
