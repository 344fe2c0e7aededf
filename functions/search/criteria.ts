import { z } from 'zod';
import { imageIdSchema } from '../../shared/catalog/ids.ts';
import type { Mode } from '../../shared/search/mixture.ts';
import type { Criterion } from '../../shared/search/rankings.ts';
import { decimal, text } from './fields.ts';

const weightedSchema = z.object({
  value: text({ min: 1 }).describe('A text, or `id:<uuid>` of a stored image.'),
  weight: decimal({ gt: 0 }).optional().describe('Default 1.'),
});

const modeSchema = z.enum(['average', 'best']).default('average');

/** A: criteria of the advanced routes. `positive` and `negative` are ours: images as criteria, and weights. */
export const advancedFields = {
  criteria: z.array(text()).min(1).max(16).optional().describe('Required unless positive is given.'),
  negative_criteria: z.array(text()).max(16).default([]),
  mode: modeSchema,
  positive: z.array(weightedSchema).max(16).optional(),
  negative: z.array(weightedSchema).max(16).optional(),
};

type Advanced = z.output<z.ZodObject<typeof advancedFields>>;

/** Criteria are required, unless ours take their place. */
export const requireCriteria = (
  body: Pick<Advanced, 'criteria' | 'positive'>,
  ctx: z.RefinementCtx<unknown>,
): void => {
  if (body.criteria || body.positive?.length) return;
  ctx.addIssue({
    code: 'custom',
    path: ['criteria'],
    message: 'Field required',
    params: { type: 'missing' },
  });
};

export const advancedSchema = z.object(advancedFields).superRefine(requireCriteria);

/** The criteria and mode of a body A, as a ranking has them. */
export function rankingOf(body: Advanced): { criteria: Criterion[]; mode: Mode } {
  const { criteria = [], negative_criteria: unwanted, positive = [], negative = [], mode } = body;
  return {
    mode,
    criteria: [
      ...criteria.map(value => ({ text: value })),
      ...positive.map(({ value, weight = 1 }) => ({ ...textOrId(value), weight })),
      ...unwanted.map(value => ({ text: value, weight: -1 })),
      ...negative.map(({ value, weight = 1 }) => ({ ...textOrId(value), weight: -weight })),
    ],
  };
}

function textOrId(value: string): { text: string } | { id: string } {
  const id = imageIdSchema.safeParse(value.replace(/^id:/, ''));
  return value.startsWith('id:') && id.success ? { id: id.data } : { text: value };
}
