import type { Context } from 'hono';
import { HTTPException } from 'hono/http-exception';
import type { ApiEnv } from './deps.ts';
import { invalidResponse } from './responses.ts';
import type { ValidationFailure } from './validation.ts';

/** Throws the 422 that lists these failures. */
export function reject(c: Context<ApiEnv>, failures: readonly ValidationFailure[]): never {
  throw new HTTPException(422, { res: invalidResponse(c, failures) });
}

/** 422 for a multipart body without the file that the route is about. */
export const rejectMissing = (c: Context<ApiEnv>, name: string): never =>
  reject(c, [{ type: 'missing', loc: ['body', name], msg: 'Field required', input: null }]);
