import type { SemblanceError } from '../errors.ts';

/**
 * Port: named bytes with an ETag. Two buckets of it exist: the originals (a person's images, uploads)
 * and the derived (thumbnails, previews, records of annotations, failures).
 * Adapters: folders (folder-store.ts), S3 (s3-store.ts); both pass tests/contracts/object-store.ts.
 *
 * A key is exactly the name that the store has, whatever its Unicode normal form; its parts are separated by
 * '/'. S3 takes any but the empty one. A folder can't hold one with an empty, '.' or '..' segment: there is no
 * such object then, and writing it is `invalid_request`. Every method may throw `store_unavailable` (passing)
 * or `store_denied` (permanent): a denied look is never taken for "gone".
 */
export type ObjectInfo = {
  readonly key: string;
  /** Opaque; differs when the bytes may differ. */
  readonly etag: string;
  readonly bytes: number;
  readonly modified: Date;
};

/** What a store has and can't give: a file whose name is no text, a folder that may not be opened. */
export type Unlisted = {
  /** The name in a printable form; a folder's ends with '/'. */
  readonly key: string;
  readonly reason: SemblanceError;
};

/** First and last byte, inclusive, as in RFC 9110 §14.1.2 after resolution against the size. */
export type ByteRange = { readonly start: number; readonly end: number };

export type PutOptions = {
  readonly contentType: string;
  /** Write only over this ETag; `null`: only where nothing is. Otherwise `precondition_failed`. */
  readonly ifMatch?: string | null;
};

/** Bytes in memory, or a finished temporary file that the store may take over. */
export type PutBody = Uint8Array | { readonly file: string };

export interface ObjectStore {
  /** Null when there is no such object. */
  head(key: string): Promise<ObjectInfo | null>;
  /**
   * The whole object, or null when there is none.
   * @throws image_too_many_bytes when it is larger than maxBytes, before it is read
   */
  get(key: string, maxBytes: number): Promise<{ info: ObjectInfo; bytes: Uint8Array } | null>;
  /** The object as a stream, for serving. Null when there is none. */
  stream(
    key: string,
    range?: ByteRange,
  ): Promise<{ info: ObjectInfo; body: ReadableStream<Uint8Array> } | null>;
  /** Atomic: a reader sees the old bytes or the new, never a part. */
  put(key: string, body: PutBody, options: PutOptions): Promise<ObjectInfo>;
  /** No error when there is none. */
  delete(key: string): Promise<void>;
  /** Moves an object, atomically where the store can; false when there is none. */
  move(from: string, to: string): Promise<boolean>;
  /**
   * Every object under the prefix, ascending by UTF-8 bytes of the key.
   * @param unlisted called for what is there and can't be listed
   * @param after begins after this key
   */
  list(prefix: string, unlisted?: (found: Unlisted) => void, after?: string): AsyncIterable<ObjectInfo>;
}
