import type { ImageFormat } from '../catalog/formats.ts';
import type { FailureRecord, ImageRecord } from '../catalog/record.ts';
import type { PutBody } from '../objects/object-store.ts';

/** What the HTTP API and the CLI ask of the collection of images, apart from searching it. */
export interface Library {
  /** queued: a record without a point; failed: a failure record and no point. */
  state(id: string): Promise<'indexed' | 'queued' | 'failed' | 'unknown'>;
  /**
   * Ids of stored images with these SHA-1s, folder's images too; null where there is none. For a
   * queued or stored upload it is the upload's id.
   */
  findBySha1(sha1s: readonly string[]): Promise<(string | null)[]>;
  /**
   * Writes record, then original, then queues the key: durable when it returns.
   * @throws duplicate_image, its message naming the id
   */
  upload(upload: Upload): Promise<{ id: string }>;
  /**
   * Writes the record alone: the bytes are to be put under the key by whoever was given a URL for it, and
   * the key queued then (a bucket's event does that). Without them it is forgotten after 24 h.
   * @throws duplicate_image as upload does
   */
  expectUpload(upload: Omit<Upload, 'body'>): Promise<{ id: string; key: string }>;
  /**
   * Changes the record, then the point. Undefined keeps; `[]` and `''` are stored.
   * @throws not_found for an unknown or queued id; invalid_request where url or thumbnail_url of a local
   * image, or thumbnail_url beside a local thumbnail, is set (nothing is written)
   */
  update(id: string, change: RecordChange): Promise<void>;
  /**
   * Removes the point, moves the original to `_deleted/`, drops thumbnails and record.
   * A failed upload can be removed too.
   * @throws not_found for an unknown or queued id; not_an_upload for an image of the folder
   */
  remove(id: string): Promise<void>;
  failures(): Promise<FailureRecord[]>;
  /** Queues the failed keys again: all, dead letters too, or those of the ids. How many. */
  retry(ids?: readonly string[]): Promise<number>;
  /** Images with a point, and keys waiting (the one in work left out). */
  counts(): Promise<{ images: number; queued: number }>;
  /** Calls the listener for what happens from now on in this process; returns how to stop. */
  subscribe(listener: (event: LibraryEvent) => void): () => void;
}

export type Upload = {
  readonly body: PutBody;
  readonly bytes: number;
  readonly sha1: string;
  readonly format: ImageFormat;
  readonly record: Pick<
    ImageRecord,
    'local' | 'url' | 'thumbnail_url' | 'thumbnail' | 'starred' | 'categories' | 'comments' | 'skip_ocr'
  >;
};

export type RecordChange = {
  readonly [Field in 'starred' | 'categories' | 'url' | 'thumbnail_url' | 'comments']?:
    | NonNullable<ImageRecord[Field]>
    | undefined;
};

/** Progress of indexing, as `/admin/events` sends it. */
export type LibraryEvent =
  | { readonly type: 'indexed' | 'removed'; readonly id: string; readonly key: string }
  | { readonly type: 'failed'; readonly id: string; readonly key: string; readonly code: string }
  | {
      readonly type: 'progress';
      /** Images become searchable first; then, where that was put off, the words in them are read. */
      readonly stage: 'pictures' | 'words';
      /** Of the stage; done = total when it is over. */
      readonly done: number;
      readonly total: number;
      readonly picturesPerSecond: number;
      /** s; null while unknown. */
      readonly secondsLeft: number | null;
    };
