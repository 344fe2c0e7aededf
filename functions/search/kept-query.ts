import { z } from 'zod';
import { SemblanceError } from '../../shared/errors.ts';
import { type QueryBody, queryBodySchema } from './query-body.ts';

/** The JSON of POST /search/query, to be kept as it is given. */
export const keptQueryField = z
  .record(z.string(), z.unknown())
  .superRefine((query, ctx) => {
    const parsed = queryBodySchema.safeParse(query);
    for (const { path, message } of parsed.error?.issues ?? [])
      ctx.addIssue({ code: 'custom', path, message });
    if (parsed.data?.criteria.some(({ file }) => file !== undefined))
      ctx.addIssue({ code: 'custom', path: ['criteria'], message: 'a file can not be kept with a search' });
  })
  .describe('The JSON of POST /search/query, without files.');

/**
 * A kept query as it is understood today.
 * @throws invalid_request where this version knows its fields no more
 */
export function readKeptQuery(query: unknown): QueryBody {
  const parsed = queryBodySchema.safeParse(query);
  if (parsed.success) return parsed.data;
  throw new SemblanceError('invalid_request', 'This search was kept by another version and can not be run');
}
