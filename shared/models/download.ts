import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { type FileHandle, mkdir, open, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { hasCode, SemblanceError } from '../errors.ts';
import { onDisk, unlessAbsent } from '../file-error.ts';

export type DownloadTiming = {
  /** ms without a byte, from the request on, after which an attempt is given up. */
  readonly stallMs: number;
  /** Attempts in a row that bring no byte before it is given up. */
  readonly attempts: number;
  /** ms before the second attempt; doubled for each further one. */
  readonly backoffMs: number;
};

const DOWNLOAD_TIMING: DownloadTiming = { stallMs: 30_000, attempts: 6, backoffMs: 500 };

export type DownloadRequest = {
  readonly url: string;
  /** Where the file is put once it is whole and right. Beside it lies `.part` until then. */
  readonly target: string;
  /** What it must have; undefined: whatever comes. */
  readonly bytes?: number | undefined;
  readonly sha256?: string | undefined;
  /** Bytes on disk so far, and of the whole file where the server says it. */
  readonly onBytes?: (received: number, total: number | null) => void;
  /** An attempt failed; the next begins in `waitMs`. */
  readonly onRetry?: (reason: string, waitMs: number) => void;
  /** Ends it; the part stays and is gone on from next time. */
  readonly signal?: AbortSignal | undefined;
  readonly timing?: DownloadTiming;
};

/** A file on the disk; sha256 in lower-case hex. */
export type FileDigest = { readonly bytes: number; readonly sha256: string };

/**
 * Fetches a file, going on from the part that an earlier try left, verifies it and puts it in place in one
 * step. Callers see to it that no other process fetches the same target.
 * @throws unknown_model (404 and its like), model_unreachable, model_corrupt, disk_full, data_read_only; the
 * signal's reason
 */
export async function downloadFile(request: DownloadRequest): Promise<FileDigest> {
  const part = `${request.target}.part`;
  await onDisk(part, () => mkdir(dirname(part), { recursive: true }));
  const resumed = (await sizeOf(part)) > 0;
  try {
    return await fetchAndPlace(request, part);
  } catch (error) {
    // What an earlier try left may have been of another version: once more from the start.
    if (!(resumed && hasCode(error, 'model_corrupt'))) throw error;
    return await fetchAndPlace(request, part);
  }
}

async function fetchAndPlace(request: DownloadRequest, part: string): Promise<FileDigest> {
  await fetchWithRetries(request, part);
  const digest = await digestFile(part);
  const wrongSize = request.bytes !== undefined && digest.bytes !== request.bytes;
  if (wrongSize || (request.sha256 !== undefined && digest.sha256 !== request.sha256)) {
    await discard(part);
    throw new SemblanceError(
      'model_corrupt',
      `${request.url} has SHA-256 ${digest.sha256} (${digest.bytes} bytes) where ${request.sha256} is expected`,
    );
  }
  await onDisk(request.target, () => rename(part, request.target));
  await rm(etagFile(part), { force: true });
  return digest;
}

/** Attempts that brought bytes don't count: a flaky line gets there in the end, a dead one is given up. */
async function fetchWithRetries(request: DownloadRequest, part: string): Promise<void> {
  const { attempts, backoffMs } = request.timing ?? DOWNLOAD_TIMING;
  for (let failures = 0; ; ) {
    const before = await sizeOf(part);
    try {
      await fetchRest(request, part, before);
      return;
    } catch (error) {
      request.signal?.throwIfAborted();
      if (!(error instanceof SemblanceError && error.passing)) throw error;
      failures = (await sizeOf(part)) > before ? 1 : failures + 1;
      if (failures >= attempts) throw error;
      const wanted = error instanceof RetryableResponse ? error.afterMs : 0;
      const backoff = backoffMs * 2 ** (failures - 1) * (1 + Math.random() / 4);
      const waitMs = Math.max(wanted, backoff);
      request.onRetry?.(error.message, waitMs);
      await sleep(waitMs, undefined, { signal: request.signal });
    }
  }
}

/** One attempt: asks for what is missing and appends it to the part. */
async function fetchRest(request: DownloadRequest, part: string, have: number): Promise<void> {
  if (have > 0 && have === request.bytes) return;
  const stall = new AbortController();
  const { stallMs } = request.timing ?? DOWNLOAD_TIMING;
  const timer = setTimeout(() => stall.abort(), stallMs);
  try {
    const response = await fetch(request.url, {
      headers: await requestHeaders(part, have),
      signal: request.signal ? AbortSignal.any([request.signal, stall.signal]) : stall.signal,
    });
    const from = await acceptedStart(response, request, part, have);
    const total = totalOf(response, from) ?? request.bytes ?? null;
    if (request.bytes !== undefined && total !== request.bytes) {
      await discard(part);
      throw new SemblanceError(
        'model_corrupt',
        `${request.url} has ${total} bytes where ${request.bytes} are expected`,
      );
    }
    await append(response, part, from, async received => {
      timer.refresh();
      request.onBytes?.(received, total);
    });
    const received = await sizeOf(part);
    if (total !== null && received < total) {
      throw unreachable(request.url, `the response ended at byte ${received} of ${total}`);
    }
  } catch (cause) {
    if (cause instanceof SemblanceError) throw cause;
    request.signal?.throwIfAborted();
    const reason = stall.signal.aborted ? `nothing came for ${stallMs / 1000} s` : reasonOf(cause);
    throw unreachable(request.url, reason, cause);
  } finally {
    clearTimeout(timer);
  }
}

/** If-Range makes a server whose file has changed send all of it instead of a tail that doesn't fit. */
async function requestHeaders(part: string, have: number): Promise<Record<string, string>> {
  // Compressed responses have lengths and ranges of their own.
  const headers: Record<string, string> = { 'accept-encoding': 'identity' };
  if (have === 0) return headers;
  const etag = (await unlessAbsent(readFile(etagFile(part), 'utf8'))) ?? '';
  return { ...headers, range: `bytes=${have}-`, ...(etag === '' ? {} : { 'if-range': etag }) };
}

/** The byte from which the response goes on; 0 when the server sends the whole file. */
async function acceptedStart(
  response: Response,
  request: DownloadRequest,
  part: string,
  have: number,
): Promise<number> {
  const { status } = response;
  if (status === 206) {
    const start = /^bytes (\d+)-/.exec(response.headers.get('content-range') ?? '')?.[1];
    if (Number(start) === have) return have;
    await discard(part);
    throw unreachable(
      request.url,
      `it sent ${response.headers.get('content-range')} instead of byte ${have}`,
    );
  }
  if (status === 200) {
    const etag = response.headers.get('etag') ?? '';
    await discard(part);
    if (/^"/.test(etag)) await onDisk(part, () => writeFile(etagFile(part), etag));
    return 0;
  }
  await response.body?.cancel();
  if (status === 416) {
    await discard(part);
    throw unreachable(request.url, 'the part that was there does not fit');
  }
  if (status >= 400 && status < 500 && status !== 408 && status !== 429) {
    throw new SemblanceError('unknown_model', `${request.url} responded with ${status}`);
  }
  throw new RetryableResponse(request.url, status, response.headers.get('retry-after'));
}

/** Bytes of the whole file as the response's headers have it. */
function totalOf(response: Response, from: number): number | null {
  const ranged = /\/(\d+)$/.exec(response.headers.get('content-range') ?? '')?.[1];
  if (ranged !== undefined) return Number(ranged);
  const length = response.headers.get('content-length');
  return length === null ? null : from + Number(length);
}

async function append(
  response: Response,
  part: string,
  from: number,
  onReceived: (received: number) => Promise<void>,
): Promise<void> {
  const file: FileHandle = await onDisk(part, () => open(part, from === 0 ? 'w' : 'a'));
  try {
    let received = from;
    for await (const chunk of response.body ?? []) {
      await onDisk(part, () => file.writeFile(chunk));
      received += chunk.byteLength;
      await onReceived(received);
    }
    await onDisk(part, () => file.sync());
  } finally {
    await file.close();
  }
}

/** Reads a whole file; the digest is of the bytes on the disk. */
export async function digestFile(path: string): Promise<FileDigest> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path, { highWaterMark: 1 << 20 }), hash);
  return { bytes: await sizeOf(path), sha256: hash.digest('hex') };
}

/** Bytes; 0 where there is no file. */
export const sizeOf = (path: string): Promise<number> =>
  stat(path).then(
    ({ size }) => size,
    () => 0,
  );

const etagFile = (part: string): string => `${part}.etag`;

async function discard(part: string): Promise<void> {
  await rm(part, { force: true });
  await rm(etagFile(part), { force: true });
}

const unreachable = (url: string, reason: string, cause?: unknown): SemblanceError =>
  new SemblanceError('model_unreachable', `${url}: ${reason}`, { cause });

/** What a failed request really failed of: fetch hides it in the cause. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { cause } = error;
  if (cause instanceof AggregateError && cause.errors[0] instanceof Error) return cause.errors[0].message;
  return cause instanceof Error && cause.message !== '' ? cause.message : error.message;
}

/** A server that asks for patience, by 429, 408 or 5xx. */
class RetryableResponse extends SemblanceError {
  /** ms that it asked to wait, a minute at the most. */
  readonly afterMs: number;

  constructor(url: string, status: number, retryAfter: string | null) {
    super('model_unreachable', `${url} responded with ${status}`);
    const seconds = Number(retryAfter ?? 0);
    this.afterMs = Number.isFinite(seconds) ? Math.min(60, Math.max(0, seconds)) * 1000 : 0;
  }
}
