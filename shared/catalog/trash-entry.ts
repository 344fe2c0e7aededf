import { z } from 'zod';
import { recordSchema } from './record.ts';

/**
 * _deleted/<id>.json beside the thumbnails: what is needed to bring a deleted upload back. Its bytes are
 * _deleted/<id>.<format> in the originals.
 */
export const trashEntrySchema = z.object({
  version: z.literal(1).default(1),
  /** RFC 3339, UTC. */
  deleted: z.string(),
  /** The record as it was at the deletion; the original is restored to its `key`. */
  record: recordSchema,
});
export type TrashEntry = z.infer<typeof trashEntrySchema>;

/** An upload in the trash, as it is listed. */
export type TrashedImage = {
  readonly id: string;
  /** Name that it came with; null where none is known. */
  readonly name: string | null;
  readonly bytes: number;
  /** RFC 3339, UTC, both; after `emptied` it is deleted for good. */
  readonly deleted: string;
  readonly emptied: string;
};

/** Days that a deleted upload can be restored; the buckets' lifecycle rules have the same. */
export const TRASH_DAYS = 30;
