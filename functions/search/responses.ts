import type { Context } from 'hono';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import { z } from 'zod';
import { ERRORS, type ErrorCode, SemblanceError } from '../../shared/errors.ts';
import type { ApiEnv } from './deps.ts';
import { imageSchema } from './schemas.ts';
import { type ValidationFailure, validationErrorSchema } from './validation.ts';

export const errorCodeSchema = z.enum(Object.keys(ERRORS) as [ErrorCode, ...ErrorCode[]]);

/** Body of every response that is not a success: FastAPI's `detail`, and more. */
export const errorSchema = z
  .object({
    detail: z.union([z.string(), z.array(validationErrorSchema)]),
    code: errorCodeSchema,
    advice: z.string(),
    parameters: z
      .record(z.string(), z.number())
      .optional()
      .describe('The numbers in the message, such as the limit that was passed, where there are any.'),
    request_id: z.string(),
    current: imageSchema
      .nullable()
      .optional()
      .describe('Of version_conflict: the image as it is now; null while it waits to be indexed.'),
  })
  .meta({ id: 'Error' });
type ErrorResponse = z.infer<typeof errorSchema>;

/** s after which a passing failure is worth another try. */
const RETRY_AFTER = '5';

/** The body of an error response. */
export const errorBody = (error: SemblanceError, requestId: string): ErrorResponse => ({
  detail: error.message,
  code: error.code,
  advice: error.advice,
  ...(Object.keys(error.parameters).length > 0 ? { parameters: error.parameters } : {}),
  request_id: requestId,
});

/** The response to an error of the table. A dependency that fails is named; a fault of our own is not described. */
export function errorResponse(
  c: Context<ApiEnv>,
  error: SemblanceError,
  headers: Record<string, string> = {},
): Response {
  c.set('errorCode', error.code);
  return c.json(errorBody(error, c.get('requestId')), error.status as ContentfulStatusCode, {
    ...(error.passing && error.status === 503 ? { 'Retry-After': RETRY_AFTER } : {}),
    ...headers,
  });
}

/** 422 that lists every failure, as FastAPI does. */
export function invalidResponse(c: Context<ApiEnv>, failures: readonly ValidationFailure[]): Response {
  c.set('errorCode', 'invalid_request');
  const body: ErrorResponse = {
    detail: [...failures],
    code: 'invalid_request',
    advice: ERRORS.invalid_request.advice,
    request_id: c.get('requestId'),
  };
  return c.json(body, 422);
}

/** An error of the table is sent as it is. Anything else is a fault of ours: the response names only its request id. */
export function thrownResponse(c: Context<ApiEnv>, thrown: unknown): Response {
  if (thrown instanceof SemblanceError) return errorResponse(c, thrown);
  return errorResponse(c, new SemblanceError('internal', 'Internal Server Error', { cause: thrown }));
}
