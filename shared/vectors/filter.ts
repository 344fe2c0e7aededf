import { z } from 'zod';

/**
 * What a search may ask of a point's payload: the part of Qdrant's filter language that the product uses,
 * in Qdrant's own form (facts: https://qdrant.tech/documentation/concepts/filtering/), so that the cloud
 * adapter passes it on as it is.
 */
const scalarSchema = z.union([z.string(), z.number(), z.boolean()]);

const rangeSchema = z.strictObject({
  gt: z.union([z.number(), z.string()]).optional(),
  gte: z.union([z.number(), z.string()]).optional(),
  lt: z.union([z.number(), z.string()]).optional(),
  lte: z.union([z.number(), z.string()]).optional(),
});

const matchSchema = z.union([
  z.strictObject({ value: scalarSchema }),
  z.strictObject({ any: z.array(scalarSchema) }),
  z.strictObject({ except: z.array(scalarSchema) }),
  /** Contiguous tokens of a whitespace-tokenized field. */
  z.strictObject({ phrase: z.string() }),
]);

const fieldConditionSchema = z.union([
  z.strictObject({ key: z.string(), match: matchSchema }),
  z.strictObject({ key: z.string(), range: rangeSchema }),
  z.strictObject({ is_empty: z.strictObject({ key: z.string() }) }),
  z.strictObject({ is_null: z.strictObject({ key: z.string() }) }),
  z.strictObject({ has_id: z.array(z.string()) }),
  z.strictObject({ has_vector: z.string() }),
]);

export type FieldCondition = z.infer<typeof fieldConditionSchema>;
export type Condition = FieldCondition | Filter;
export type Filter = {
  must?: Condition[] | undefined;
  must_not?: Condition[] | undefined;
  /** Never sent empty: engines disagree on what that means. */
  should?: Condition[] | undefined;
};

const conditionSchema: z.ZodType<Condition> = z.lazy(() => z.union([fieldConditionSchema, filterSchema]));
export const filterSchema: z.ZodType<Filter> = z.strictObject({
  must: z.array(conditionSchema).optional(),
  must_not: z.array(conditionSchema).optional(),
  should: z.array(conditionSchema).optional(),
});
