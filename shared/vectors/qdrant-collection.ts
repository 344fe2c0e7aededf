import type { z } from 'zod';
import { SemblanceError } from '../errors.ts';
import type { QdrantConnection } from './qdrant-connection.ts';
import { isCollectionMissing, statusOf } from './qdrant-error.ts';
import { fieldSchema, infoSchema, isFieldSchema, versionSchema } from './qdrant-wire.ts';
import type { CollectionSchema } from './vector-index.ts';

/** Whose a collection is; it bears both in its name, and in its metadata. */
export type CollectionOwner = {
  /** UUID in which the ids of images are made: the stage's own, or the data folder's. */
  readonly namespace: string;
  /** Fingerprint of the model, so that vectors of two models never mix. */
  readonly model: string;
};

export const collectionName = ({ namespace, model }: CollectionOwner): string => `${model}-${namespace}`;

/** The first that adds vectors to a collection; metadata of collections came with 1.16. */
const MINIMUM_VERSION = [1, 18] as const;

/**
 * Makes the owner's collection and its payload indexes, as far as they are missing. Two processes may do it at
 * once. A payload index of another kind than the schema's is made anew.
 * @returns whether the collection was made by this call: it is empty then
 * @throws index_rejected for an older Qdrant, for a collection of another owner or of other vectors
 */
export async function ensureCollection(
  connection: QdrantConnection,
  owner: CollectionOwner,
  schema: CollectionSchema,
): Promise<boolean> {
  const { client, ask } = connection;
  const collection = collectionName(owner);
  const [found] = await Promise.all([readCollection(connection, owner), checkVersion(connection)]);
  const made = !found && (await ask(() => create(connection, collection, owner, schema)));
  const info = found ?? (await ask(async () => infoSchema.parse(await client.getCollection(collection))));
  checkVectors(info, schema, collection);
  await claim(connection, collection, owner, info);
  for (const [name, config] of missingVectors(info, schema))
    await ask(() =>
      client.createVectorName(collection, name, config, { wait: true }).catch(tolerateExisting),
    );
  for (const [field_name, type] of Object.entries(schema.payload)) {
    const present = info.payload_schema[field_name];
    if (isFieldSchema(type, present)) continue;
    if (present) await ask(() => client.deletePayloadIndex(collection, field_name, { wait: true }));
    await ask(() =>
      client.createPayloadIndex(collection, { field_name, field_schema: fieldSchema(type), wait: true }),
    );
  }
  return made;
}

/** What the server says of the owner's collection; null where there is none. @throws index_rejected for another's */
export async function readCollection(
  { client, ask }: QdrantConnection,
  owner: CollectionOwner,
): Promise<CollectionInfo | null> {
  const collection = collectionName(owner);
  const info = await ask(async () => infoSchema.parse(await client.getCollection(collection))).catch(
    nothingIfGone,
  );
  if (info?.config.metadata?.semblance) checkOwner(collection, owner, info.config.metadata.semblance);
  return info;
}

const nothingIfGone = (error: unknown): null => {
  if (isGone(error)) return null;
  throw error;
};

/** Whether an error of ours says that the collection is not there. */
export const isGone = (error: unknown): boolean =>
  error instanceof SemblanceError && isCollectionMissing(error.cause);

/** The server's version. @throws index_rejected for one that is too old */
export async function checkVersion({ client, ask, url }: QdrantConnection): Promise<string> {
  const { version } = await ask(async () => versionSchema.parse(await client.versionInfo()));
  const fault = versionFault(version);
  if (fault) throw new SemblanceError('index_rejected', `${url} is ${fault}`);
  return version;
}

/** What is wrong with a version of Qdrant, or null. */
export function versionFault(version: string): string | null {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const [leastMajor, leastMinor] = MINIMUM_VERSION;
  if (major > leastMajor || (major === leastMajor && minor >= leastMinor)) return null;
  return `Qdrant ${version}; Semblance needs ${MINIMUM_VERSION.join('.')} or later`;
}

/** False where another process made it in between. */
async function create(
  { client }: QdrantConnection,
  collection: string,
  owner: CollectionOwner,
  schema: CollectionSchema,
): Promise<boolean> {
  const vectors = Object.entries(schema.vectors).map(([name, size]) => [
    name,
    { size, distance: 'Cosine' as const, on_disk: true },
  ]);
  try {
    await client.createCollection(collection, {
      vectors: Object.fromEntries(vectors),
      sparse_vectors: Object.fromEntries(schema.sparse.map(name => [name, { modifier: 'idf' as const }])),
      quantization_config: { scalar: { type: 'int8', quantile: 0.99, always_ram: true } },
      on_disk_payload: true,
      metadata: { semblance: owner },
      // It is strict as on Qdrant Cloud, so that a filter without an index fails everywhere.
      strict_mode_config: {
        enabled: true,
        unindexed_filtering_retrieve: false,
        unindexed_filtering_update: false,
      },
    });
    return true;
  } catch (error) {
    if (statusOf(error) !== 409) throw error;
    return false;
  }
}

type CollectionInfo = z.infer<typeof infoSchema>;

/** A collection that says nothing of its owner is taken over: one that was restored or made by hand, say. */
async function claim(
  { client, ask }: QdrantConnection,
  collection: string,
  owner: CollectionOwner,
  { config: { metadata } }: CollectionInfo,
): Promise<void> {
  const said = metadata?.semblance;
  if (said) checkOwner(collection, owner, said);
  else await ask(() => client.updateCollection(collection, { metadata: { semblance: owner } }));
}

function checkOwner(collection: string, owner: CollectionOwner, said: CollectionOwner): void {
  if (said.namespace === owner.namespace && said.model === owner.model) return;
  throw new SemblanceError(
    'index_rejected',
    `Collection ${collection} belongs to another gallery (namespace ${said.namespace}, model ${said.model}), not to this one (namespace ${owner.namespace}, model ${owner.model}); nothing was read or written`,
  );
}

/** Vectors of a collection that was made before them; the server adds them, empty, to its points. */
const missingVectors = ({ config: { params } }: CollectionInfo, schema: CollectionSchema) => [
  ...Object.entries(schema.vectors)
    .filter(([name]) => !(name in params.vectors))
    .map(([name, size]) => [name, { dense: { size, distance: 'Cosine' as const } }] as const),
  ...schema.sparse
    .filter(name => !(name in (params.sparse_vectors ?? {})))
    .map(name => [name, { sparse: { modifier: 'idf' as const } }] as const),
];

const tolerateExisting = (error: unknown): void => {
  if (statusOf(error) !== 409) throw error;
};

/** @throws index_rejected for another model's collection: a vector of another size, or none that is known */
function checkVectors(
  { config: { params } }: CollectionInfo,
  schema: CollectionSchema,
  collection: string,
): void {
  const kept = Object.entries(schema.vectors).filter(([name]) => name in params.vectors);
  if (kept.length > 0 && kept.every(([name, size]) => params.vectors[name]?.size === size)) return;
  const found = Object.fromEntries(Object.entries(params.vectors).map(([name, { size }]) => [name, size]));
  throw new SemblanceError(
    'index_rejected',
    `Collection ${collection} has other vectors (${JSON.stringify(found)}) than the model needs (${JSON.stringify(schema.vectors)}): delete it and run reconcile`,
  );
}
