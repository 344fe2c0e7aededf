import type { ErrorParameters } from '../../../shared/errors.ts';
import { wordError } from '../ui/word-error.ts';

/** What an image has now, where a change expected another version of it. */
type Current = { readonly comments: string | null; readonly version: string };

/** A rejection by the server, or a missing response, with a sentence for the user. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  /** HTTP status; 0 where no response came. */
  readonly status: number;
  /** Stable code of the server's table of errors; '' where the response had none. */
  readonly code: string;
  /** The image as it is now, after version_conflict; null where it waits to be indexed. */
  readonly current: Current | null;

  constructor(
    status: number,
    code: string,
    message: string,
    options?: ErrorOptions & { readonly current?: Current | null; readonly parameters?: ErrorParameters },
  ) {
    super(wordError(code, options?.parameters) ?? message, options);
    this.status = status;
    this.code = code;
    this.current = options?.current ?? null;
  }
}

/** ms between two requests to a server that does not respond. */
export const WAKE = 3000;

export const isOffline = (error: unknown): boolean => error instanceof ApiError && error.status === 0;

/** Whether the server does not have the image, or whatever else the request named by its id. */
export const isNotFound = (error: unknown): boolean =>
  error instanceof ApiError && error.code === 'not_found';

/** Whether an image that the request named waits to be indexed. */
export const isQueued = (error: unknown): boolean =>
  error instanceof ApiError && error.code === 'image_queued';

/** True where a retry may help: no response, overload, a fault of the server. */
export const mayHeal = (error: unknown): boolean =>
  error instanceof ApiError && (error.status === 0 || error.status === 429 || error.status >= 500);

/** Reads the body of a rejection: FastAPI's shape, `detail` a sentence or a list of failed fields. */
export function errorOfBody(status: number, body: string): ApiError {
  const { detail, ...rejection } = parseRejection(body);
  return new ApiError(status, rejection.code, detail || `HTTP ${status}`, rejection);
}

type Rejection = { detail: string; code: string; parameters: ErrorParameters; current: Current | null };

function parseRejection(body: string): Rejection {
  const unknown = { detail: '', code: '', parameters: {}, current: null };
  let json: unknown;
  try {
    json = JSON.parse(body);
  } catch {
    // A proxy's HTML page, for one; the status alone has to do.
    return unknown;
  }
  if (typeof json !== 'object' || json === null) return unknown;
  const code = 'code' in json && typeof json.code === 'string' ? json.code : '';
  const detail = 'detail' in json ? describeDetail(json.detail) : '';
  const parameters = 'parameters' in json ? numbersOf(json.parameters) : {};
  return { detail, code, parameters, current: 'current' in json ? parseCurrent(json.current) : null };
}

const numbersOf = (json: unknown): ErrorParameters =>
  Object.fromEntries(Object.entries(json ?? {}).filter(([, value]) => typeof value === 'number'));

/** By hand, because a library for it would be loaded with the first view. */
function parseCurrent(json: unknown): Current | null {
  if (typeof json !== 'object' || json === null || !('comments' in json) || !('version' in json)) return null;
  const { comments, version } = json;
  if (typeof version !== 'string' || (comments !== null && typeof comments !== 'string')) return null;
  return { comments, version };
}

function describeDetail(detail: unknown): string {
  if (typeof detail === 'string') return detail;
  if (!Array.isArray(detail)) return '';
  return detail
    .map(
      (item: { loc?: unknown[]; msg?: string }) => `${item.loc?.slice(1).join('.') ?? ''}: ${item.msg ?? ''}`,
    )
    .join(' ');
}
