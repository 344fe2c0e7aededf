import pLimit from 'p-limit';
import { z } from 'zod';
import { SemblanceError } from '../../shared/errors.ts';
import { imageId } from './fields.ts';
import { errorCodeSchema } from './responses.ts';

/** Images that one request may name. */
const MAX_IDS = 1_000;
export const idsField = z.array(imageId()).min(1).max(MAX_IDS);

export const outcomesSchema = z.object({
  message: z.string(),
  results: z.array(
    z.object({
      id: z.uuid(),
      ok: z.boolean(),
      code: errorCodeSchema.nullable(),
      detail: z.string().nullable(),
    }),
  ),
});

const AT_ONCE = 8;

/** Does the same to several images, each for itself; what became of each. */
export async function eachOf(
  ids: readonly string[],
  work: (id: string) => Promise<unknown>,
): Promise<z.output<typeof outcomesSchema>> {
  const limit = pLimit(AT_ONCE);
  const results = await Promise.all(
    [...new Set(ids)].map(id =>
      limit(async () => {
        try {
          await work(id);
          return { id, ok: true, code: null, detail: null };
        } catch (error) {
          if (!(error instanceof SemblanceError)) throw error;
          return { id, ok: false, code: error.code, detail: error.message };
        }
      }),
    ),
  );
  const done = results.filter(({ ok }) => ok).length;
  return { message: `${done} of ${results.length} done.`, results };
}
