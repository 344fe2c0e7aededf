import { SemblanceError } from '../errors.ts';
import { throughProxy } from '../models/proxy.ts';
import type { ObjectStore } from '../objects/object-store.ts';
import type { OldImage } from './old-gallery.ts';
import { assertPublic } from './private-address.ts';

/** An image's bytes and when they came to be where they were found. */
export type OldFile = { readonly bytes: Uint8Array; readonly modified: Date | null };

/** Extensions that the old server accepted; format or url may say which one a file has, or neither of them. */
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
  const named = [`.${format}`, url?.replace(/[?#].*$/, '') ?? ''].flatMap(
    name => EXTENSION.exec(name)?.[1] ?? [],
  );
  for (const extension of new Set([...named, ...EXTENSIONS])) {
    const found = await storage.get(`${id}.${extension}`, maxBytes);
    if (found) return { bytes: found.bytes, modified: found.info.modified };
  }
  throw new SemblanceError('picture_missing', `There is no file ${id}.${named[0] ?? EXTENSIONS[0]}`);
}

export type FetchOptions = {
  readonly maxBytes: number;
  /** Whether addresses of a private network are followed too. */
  readonly allowPrivate: boolean;
  readonly signal?: AbortSignal | undefined;
  /** ms from the request to the last byte; default 60,000. */
  readonly timeLimit?: number;
};

/** Redirects followed for one image. */
const MOST_REDIRECTS = 5;

/**
 * The bytes that a url leads to now, by http or https only and into the web only unless `allowPrivate`, through the proxy of the environment; one at a time,
 * since the proxy is the process's.
 * @throws picture_unreachable, image_too_many_bytes
 */
export async function fetchOldFile(url: string, options: FetchOptions): Promise<OldFile> {
  const { maxBytes, signal, timeLimit = 60_000 } = options;
  const limits = [AbortSignal.timeout(timeLimit), ...(signal ? [signal] : [])];
  try {
    return await throughProxy(async () => {
      const response = await follow(url, AbortSignal.any(limits), options.allowPrivate);
      if (!response.ok || !response.body)
        throw new SemblanceError('picture_unreachable', `${url} responded with ${response.status}`);
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

/** Every address of a chain of redirects is checked, so that no public one leads into a private network. */
async function follow(address: string, signal: AbortSignal, allowPrivate: boolean): Promise<Response> {
  let url = webUrl(address);
  for (let redirects = 0; redirects <= MOST_REDIRECTS; redirects++) {
    if (!allowPrivate) await assertPublic(url);
    const response = await fetch(url, { signal, redirect: 'manual' });
    const location = response.headers.get('location');
    if (![301, 302, 303, 307, 308].includes(response.status) || location === null) return response;
    await response.body?.cancel();
    url = webUrl(location, url);
  }
  throw new SemblanceError('picture_unreachable', `${address} redirects more than ${MOST_REDIRECTS} times`);
}

function webUrl(address: string, base?: URL): URL {
  const url = URL.parse(address, base?.href);
  if (url && /^https?:$/.test(url.protocol)) return url;
  throw new SemblanceError('picture_unreachable', `${address || 'An empty url'} is no address of the web`);
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
