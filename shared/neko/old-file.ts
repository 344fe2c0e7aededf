import { SemblanceError } from '../errors.ts';
import { throughProxy } from '../models/proxy.ts';
import type { ObjectStore } from '../objects/object-store.ts';
import type { OldImage } from './old-gallery.ts';

/** An image's bytes and when they came to be where they were found. */
export type OldFile = { readonly bytes: Uint8Array; readonly modified: Date | null };

/** Extensions that the old server took; which one a file has may be said by format or url, or by neither. */
const EXTENSIONS = ['jpeg', 'jpg', 'png', 'webp', 'gif', 'jfif'];
const EXTENSION = /\.([A-Za-z0-9]{1,10})$/;

/**
 * The file of an image that the old server stored: `<id>.<extension>` in its storage, whatever its url says.
 * @throws picture_missing, image_too_many_bytes, and what the store throws
 */
export async function readOldFile(
  storage: ObjectStore,
  { id, format, url }: OldImage,
  maxBytes: number,
): Promise<OldFile> {
  const said = [`.${format}`, url?.replace(/[?#].*$/, '') ?? ''].flatMap(
    name => EXTENSION.exec(name)?.[1] ?? [],
  );
  for (const extension of new Set([...said, ...EXTENSIONS])) {
    const found = await storage.get(`${id}.${extension}`, maxBytes);
    if (found) return { bytes: found.bytes, modified: found.info.modified };
  }
  throw new SemblanceError('picture_missing', `There is no file ${id}.${said[0] ?? EXTENSIONS[0]}`);
}

export type FetchOptions = {
  readonly maxBytes: number;
  readonly signal?: AbortSignal | undefined;
  /** ms from the request to the last byte; default 60,000. */
  readonly timeLimit?: number;
};

/**
 * The bytes that a url leads to now, by http or https only, through the proxy of the environment; one at a time,
 * since the proxy is the process's.
 * @throws picture_unreachable, image_too_many_bytes
 */
export async function fetchOldFile(url: string, options: FetchOptions): Promise<OldFile> {
  const { maxBytes, signal, timeLimit = 60_000 } = options;
  if (!/^https?:$/.test(URL.parse(url)?.protocol ?? ''))
    throw new SemblanceError('picture_unreachable', `${url || 'An empty url'} is no address of the web`);
  const limits = [AbortSignal.timeout(timeLimit), ...(signal ? [signal] : [])];
  try {
    return await throughProxy(async () => {
      const response = await fetch(url, { signal: AbortSignal.any(limits) });
      if (!response.ok || !response.body)
        throw new SemblanceError('picture_unreachable', `${url} answered ${response.status}`);
      const modified = new Date(response.headers.get('last-modified') ?? Number.NaN);
      return {
        bytes: await readAll(response.body, url, maxBytes),
        modified: Number.isNaN(modified.getTime()) ? null : modified,
      };
    });
  } catch (error) {
    signal?.throwIfAborted();
    if (error instanceof SemblanceError) throw error;
    const reason = error instanceof Error && error.cause instanceof Error ? error.cause : error;
    throw new SemblanceError(
      'picture_unreachable',
      `${url}: ${reason instanceof Error ? reason.message : reason}`,
      { cause: error },
    );
  }
}

/** Leaving the loop cancels the download. */
async function readAll(body: ReadableStream<Uint8Array>, url: string, maxBytes: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of body) {
    bytes += chunk.length;
    if (bytes > maxBytes)
      throw new SemblanceError('image_too_many_bytes', `${url} has more than ${maxBytes} bytes`);
    chunks.push(chunk);
  }
  return new Uint8Array(Buffer.concat(chunks));
}
