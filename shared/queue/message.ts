import { z } from 'zod';
import { parseJson } from '../json.ts';

/**
 * What the body of a queue's message may be: a key that the product sent, S3's notification, EventBridge's
 * (https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html and
 * .../EventBridge.html), S3's test when a notification is set, or the clock's request for a sweep.
 */
export type Work = {
  readonly keys: readonly QueuedKey[];
  /** A comparison of all that is stored with all that is indexed. */
  readonly sweep: SweepTask | null;
};

export type SweepTask = {
  /** The run that goes on (shared/indexing/sweep.ts); null for a new sweep. */
  readonly run: string | null;
  /** Which of a function's models, while one takes over from another. */
  readonly model: number;
};

export type QueuedKey = {
  /** How often it has failed by its own fault. */
  readonly failures: number;
  /** Exactly as the bucket has it, without the prefix. */
  readonly key: string;
  /** Also where it failed before and did not change since: a user requested it, or it left an archive. */
  readonly again: boolean;
};

/** Buckets whose objects count, each with what the keys begin with; undefined: every bucket. */
export type Source = readonly { readonly bucket: string; readonly prefix: string }[] | undefined;

/** Body of a message of our own; in ASCII, since SQS rejects some characters that a name may have. */
export const keyMessage = ({ key, failures, again }: QueuedKey): string =>
  JSON.stringify({ key, ...(failures > 0 && { failures }), ...(again && { again }) }).replace(
    /[^ -~]/g,
    character => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );

/** Body of the message that asks for a sweep; the clock sends it too, without more (stacks/events.ts). */
export const sweepMessage = ({ run, model }: SweepTask): string =>
  JSON.stringify({ semblance: 'sweep', ...(run !== null && { run }), ...(model > 0 && { model }) });

const ownSchema = z.object({
  key: z.string(),
  failures: z.number().int().min(0).default(0),
  again: z.boolean().default(false),
});
const sweepSchema = z.object({
  semblance: z.literal('sweep'),
  run: z.string().nullable().default(null),
  model: z.number().int().min(0).default(0),
});
const testSchema = z.object({ Event: z.literal('s3:TestEvent') });

/** Of every event, created, removed or restored, only the place of the object is read. */
const notificationSchema = z.object({
  Records: z.array(
    z.object({
      eventSource: z.literal('aws:s3'),
      eventName: z.string(),
      s3: z.object({
        bucket: z.object({ name: z.string() }),
        object: z.object({ key: z.string() }),
      }),
    }),
  ),
});
const eventBridgeSchema = z.object({
  source: z.literal('aws.s3'),
  'detail-type': z.string(),
  detail: z.object({
    bucket: z.object({ name: z.string() }),
    object: z.object({ key: z.string() }),
  }),
});

const ANYWHERE = { prefix: '' };
const NOTHING: Work = { keys: [], sweep: null };

/**
 * Reads the body of a message. Keys of other buckets or outside the prefix are left out, each key comes once.
 * @returns null for what none of these is
 */
export function readMessage(body: string, source?: Source): Work | null {
  const json = parseJson(body);
  const own = ownSchema.safeParse(json);
  if (own.success) {
    const { key, failures, again } = own.data;
    return { keys: [{ key, again, failures }], sweep: null };
  }
  const sweep = sweepSchema.safeParse(json);
  if (sweep.success) return { keys: [], sweep: { run: sweep.data.run, model: sweep.data.model } };
  if (testSchema.safeParse(json).success) return NOTHING;
  const notification = notificationSchema.safeParse(json);
  if (notification.success) {
    const objects = notification.data.Records.map(({ eventName, s3 }) => ({
      bucket: s3.bucket.name,
      name: decodeName(s3.object.key),
      again: eventName.startsWith('ObjectRestore:Completed'),
    }));
    return { keys: keysOf(objects, source), sweep: null };
  }
  const bridged = eventBridgeSchema.safeParse(json);
  if (!bridged.success) return null;
  const { bucket, object } = bridged.data.detail;
  // EventBridge does not encode names
  const again = bridged.data['detail-type'] === 'Object Restore Completed';
  return { keys: keysOf([{ bucket: bucket.name, name: object.key, again }], source), sweep: null };
}

function keysOf(
  objects: readonly { bucket: string; name: string; again: boolean }[],
  source: Source,
): QueuedKey[] {
  const keys = new Map<string, boolean>();
  for (const object of objects) {
    const { name, again } = object;
    const place = source ? source.find(({ bucket }) => bucket === object.bucket) : ANYWHERE;
    if (!place) continue;
    const { prefix } = place;
    // Consoles make "folders" as objects whose name ends with '/'.
    if (!name.startsWith(prefix) || name === prefix || name.endsWith('/')) continue;
    const key = name.slice(prefix.length);
    keys.set(key, again || (keys.get(key) ?? false));
  }
  return [...keys].map(([key, again]) => ({ key, again, failures: 0 }));
}

/** S3 encodes names as forms do: a space is '+', a plus '%2B'. One that is no such code stands for itself. */
function decodeName(encoded: string): string {
  try {
    return decodeURIComponent(encoded.replaceAll('+', ' '));
  } catch {
    return encoded;
  }
}
