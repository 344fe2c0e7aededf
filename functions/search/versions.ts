import type { Context } from 'hono';
import { SemblanceError } from '../../shared/errors.ts';
import { findImage } from '../../shared/search/images.ts';
import type { ApiEnv, AppDeps } from './deps.ts';
import { imageResponse } from './image-response.ts';
import { errorBody } from './responses.ts';

/**
 * The version of the annotations that a change expects, by If-Match (RFC 9110 §13.1.1) or by the body; undefined: any.
 * Compressing a response makes its ETag weak, so a weak one names a version too.
 * @throws invalid_request for several
 */
export function expectedVersion(
  ifMatch: string | undefined,
  version: string | null | undefined,
): string | undefined {
  const tags = ifMatch === undefined || ifMatch.trim() === '*' ? [] : ifMatch.split(',');
  const versions = tags.map(tag => tag.trim().replace(/^(?:W\/)?"(.*)"$/, '$1'));
  const [expected, ...others] = new Set([...versions, ...(version ? [version] : [])]);
  if (others.length > 0)
    throw new SemblanceError('invalid_request', 'A change expects one version, not several');
  return expected;
}

/** 412 with the image as it is now, so that both can be shown to whoever changes it. */
export async function conflictResponse(
  c: Context<ApiEnv>,
  { index, urls }: Pick<AppDeps, 'index' | 'urls'>,
  id: string,
  error: SemblanceError,
): Promise<Response> {
  c.set('errorCode', error.code);
  const image = await findImage(index, id);
  const current = image && (await imageResponse(image, urls));
  return c.json({ ...errorBody(error, c.get('requestId')), current }, 412);
}
