import type { ImageFormat } from '../catalog/formats.ts';
import type { PassedOver } from '../catalog/passed-over.ts';
import type { FailureRecord, ImageRecord } from '../catalog/record.ts';
import type { TrashedImage } from '../catalog/trash-entry.ts';
import type { PutBody } from '../objects/object-store.ts';

/** What the HTTP API and the CLI ask of the collection of images, apart from searching it. */
export interface Library {
  /** queued: it is there and waits, or its bytes are awaited; failed: a failure record and no point. */
  state(id: string): Promise<'indexed' | 'queued' | 'failed' | 'unknown'>;
  /**
   * Ids of stored images with these SHA-1s, folder's images too; null where there is none. For a
   * queued or stored upload it is the upload's id.
   */
  findBySha1(sha1s: readonly string[]): Promise<(string | null)[]>;
  /**
   * Writes record, then original, then queues the key: durable when it returns.
   * @throws duplicate_image, its message naming the id; invalid_request for categories that no filter could name
   */
  upload(upload: Upload): Promise<{ id: string }>;
  /**
   * Writes the record alone: the bytes are to be put under the key by whoever was given a URL for it, and
   * the key queued then (a bucket's event does that). Without them it is forgotten after 24 h.
   * @throws as upload does
   */
  expectUpload(upload: Omit<Upload, 'body'>): Promise<{ id: string; key: string }>;
  /**
   * Changes the record, then the point, also of an upload that waits or failed. Undefined keeps; `[]` and `''` are
   * stored. Changes made at the same moment are applied one after the other.
   * @returns the version that the annotations have now
   * @throws not_found for an unknown id; version_conflict where `ifVersion` is not the present one; invalid_request
   * where url or thumbnail_url of a local image, or thumbnail_url beside a local thumbnail, is set, and for
   * categories that no filter could name (nothing is written)
   */
  update(id: string, change: AnnotationChange): Promise<{ version: string }>;
  /**
   * Moves an upload, its original and its record, to the trash; also one that waits or failed. One whose bytes are
   * awaited is not indexed when they come.
   * @throws not_found for an unknown id; not_an_upload for an image of the folder
   */
  remove(id: string): Promise<void>;
  /** What can be restored, deleted last first. */
  trash(): Promise<TrashedImage[]>;
  /**
   * Takes an upload out of the trash, with its annotations, and queues it.
   * @throws not_found where it isn't there; duplicate_image where its bytes were stored again meanwhile
   */
  restore(id: string): Promise<void>;
  /** Deletes for good what is in the trash: all, or these ids, or what was deleted before a time. How many. */
  emptyTrash(which?: { readonly ids?: readonly string[]; readonly before?: Date }): Promise<number>;
  /** Failures ascending by id; `next` is what `from` of the following page is, null at the end. */
  failures(page?: { readonly from?: string | undefined; readonly count?: number }): Promise<FailurePage>;
  /** Queues the failed keys again: all, dead letters too, or those of the ids. How many. */
  retry(ids?: readonly string[]): Promise<number>;
  /** Queues those failed keys whose next try is due. How many. */
  queueDue(): Promise<number>;
  counts(): Promise<LibraryCounts>;
  /** ms since this process last indexed, changed or removed an image or failed to, or since it opened the library. */
  unchangedFor(): number;
  /** Calls the listener for what happens from now on in this process; returns how to stop. */
  subscribe(listener: (event: LibraryEvent) => void): () => void;
}

export type FailurePage = { readonly failures: readonly FailureRecord[]; readonly next: string | null };

export type Upload = {
  readonly body: PutBody;
  readonly bytes: number;
  readonly sha1: string;
  readonly format: ImageFormat;
  readonly record: Pick<
    ImageRecord,
    'local' | 'url' | 'thumbnail_url' | 'thumbnail' | 'starred' | 'categories' | 'comments' | 'skip_ocr'
  > &
    Partial<Pick<ImageRecord, 'name'>>;
};

export type AnnotationChange = {
  readonly [Field in 'starred' | 'categories' | 'url' | 'thumbnail_url' | 'comments']?:
    | NonNullable<ImageRecord[Field]>
    | undefined;
} & {
  /** Applied to the categories that it has, or to `categories` where they are given too. */
  readonly addCategories?: readonly string[] | undefined;
  readonly removeCategories?: readonly string[] | undefined;
  /** Only where this is the version of the annotations (annotationVersion). */
  readonly ifVersion?: string | undefined;
};

/** The version of annotations by the ETag of their record, as a payload has it; 'none' where there are none. */
export const annotationVersion = (recordEtag: string | null): string =>
  recordEtag?.replaceAll('"', '') ?? 'none';

/** Progress of indexing, as `/admin/events` sends it. */
export type LibraryEvent =
  /** `updated`: its annotations were changed. */
  | { readonly type: 'indexed' | 'updated' | 'removed'; readonly id: string; readonly key: string }
  | { readonly type: 'failed'; readonly id: string; readonly key: string; readonly code: string }
  /** Index, store, model or disk are unavailable: what is queued waits until they are back. Sent once per pause. */
  | {
      readonly type: 'paused';
      readonly code: string;
      readonly message: string;
      readonly advice: string;
    }
  | { readonly type: 'resumed' }
  | {
      readonly type: 'progress';
      /** Images become searchable first; then, where that was put off, the words in them are read. */
      readonly stage: 'pictures' | 'words';
      /** The progress of the stage; done = total when it is finished. */
      readonly done: number;
      readonly total: number;
      readonly picturesPerSecond: number;
      /** s; null while unknown. */
      readonly secondsLeft: number | null;
      /** Both stages. */
      readonly pictures: StageProgress;
      readonly words: StageProgress;
    };

export type LibraryCounts = {
  /** Images with a point. */
  readonly images: number;
  /** Keys that wait, for images and for words; those in work are left out. */
  readonly queued: number;
  readonly inWork: number;
  /** What waits of each, and the s that it takes at the pace of this process; null while unknown. */
  readonly pictures: { readonly waiting: number; readonly secondsLeft: number | null };
  readonly words: { readonly waiting: number; readonly secondsLeft: number | null };
  /** Files that are no images, as the last sweep counted them. */
  readonly passedOver: PassedOver;
};

export type StageProgress = {
  readonly done: number;
  readonly total: number;
  /** How many of the remaining ones are being read at the moment. */
  readonly inWork: number;
  /** s that the rest of the stage takes by itself; null while unknown. */
  readonly secondsLeft: number | null;
};
