import { z } from 'zod';
import { filterSchema } from '../../shared/vectors/filter.ts';

/** Bodies of Qdrant's REST as far as the test server knows them; anything else is a 400, never ignored. */

const id = z.uuid().transform(text => text.toLowerCase());
const dense = z.array(z.number());
const sparse = z.strictObject({ indices: z.array(z.number().int()), values: z.array(z.number()) });
const limit = z.number().int().min(1, 'value 0 invalid, must be 1 or larger').default(10);
const names = z.array(z.string());

const withPayload = z.union([z.boolean(), names, z.strictObject({ exclude: names })]);
const withVector = z.union([z.boolean(), names]);
export type WithPayload = z.infer<typeof withPayload>;
export type WithVector = z.infer<typeof withVector>;

/** Ids and filters arrive in any case of hex; the engine has one. */
const filter = z.preprocess(
  value =>
    value === undefined
      ? undefined
      : (JSON.parse(JSON.stringify(value), (key, inner: unknown) =>
          key === 'has_id' && Array.isArray(inner) ? inner.map(each => String(each).toLowerCase()) : inner,
        ) as unknown),
  filterSchema.optional(),
);

const example = z.union([id, dense]);
export type WireExample = z.infer<typeof example>;

const recommend = z.strictObject({
  positive: z.array(example).default([]),
  negative: z.array(example).default([]),
  strategy: z.enum(['average_vector', 'best_score']).default('average_vector'),
});

const target = z.union([
  example,
  z.strictObject({ nearest: z.union([id, dense, sparse]) }),
  z.strictObject({ recommend }),
]);
const params = z.strictObject({
  exact: z.boolean().default(false),
  hnsw_ef: z.number().int().optional(),
  quantization: z.strictObject({ rescore: z.boolean() }).optional(),
});

export const querySchema = z.strictObject({
  prefetch: z
    .strictObject({ query: target, using: z.string().optional(), limit, params: params.optional() })
    .optional(),
  query: z.union([target, z.strictObject({ sample: z.literal('random') })]).optional(),
  using: z.string().optional(),
  filter,
  limit,
  offset: z.number().int().min(0).default(0),
  score_threshold: z.number().optional(),
  params: params.optional(),
  with_payload: withPayload.default(false),
  with_vector: withVector.default(false),
});
export type WireQuery = z.infer<typeof querySchema>;
export const batchSchema = z.strictObject({ searches: z.array(querySchema) });

export const retrieveSchema = z.strictObject({
  ids: z.array(id),
  with_payload: withPayload.default(true),
  with_vector: withVector.default(false),
});

export const scrollSchema = z.strictObject({
  filter,
  limit,
  offset: id.optional(),
  order_by: z.strictObject({ key: z.string(), direction: z.enum(['asc', 'desc']).default('asc') }).optional(),
  with_payload: withPayload.default(true),
  with_vector: withVector.default(false),
});

export const countSchema = z.strictObject({ filter, exact: z.boolean().default(true) });

export const facetSchema = z.strictObject({
  key: z.string(),
  filter,
  limit,
  exact: z.boolean().default(false),
});

export const upsertSchema = z.strictObject({
  points: z.array(
    z.strictObject({
      id,
      vector: z.record(z.string(), z.union([dense, sparse])),
      payload: z.record(z.string(), z.unknown()).default({}),
    }),
  ),
});

export const setPayloadSchema = z.union([
  z.strictObject({ payload: z.record(z.string(), z.unknown()), points: z.array(id) }),
  z.strictObject({
    payload: z.record(z.string(), z.unknown()),
    filter: filter.transform(given => given ?? {}),
  }),
]);

export const deleteSchema = z.strictObject({ points: z.array(id) });

export const createSchema = z.looseObject({
  vectors: z.record(z.string(), z.looseObject({ size: z.number().int(), distance: z.literal('Cosine') })),
  sparse_vectors: z.record(z.string(), z.strictObject({ modifier: z.literal('idf') })).default({}),
  metadata: z.record(z.string(), z.unknown()).default({}),
});
export type CreateCollection = z.infer<typeof createSchema>;

export const vectorNameSchema = z.union([
  z.strictObject({ dense: z.strictObject({ size: z.number().int(), distance: z.literal('Cosine') }) }),
  z.strictObject({ sparse: z.strictObject({ modifier: z.literal('idf') }) }),
]);
export type VectorName = z.infer<typeof vectorNameSchema>;
export const updateSchema = z.strictObject({ metadata: z.record(z.string(), z.unknown()) });

const dataType = z.enum(['keyword', 'integer', 'float', 'bool', 'datetime']);
const textIndex = z.strictObject({
  type: z.literal('text'),
  tokenizer: z.enum(['whitespace', 'word']),
  lowercase: z.boolean().default(true),
  phrase_matching: z.boolean().default(false),
});
export const indexSchema = z.strictObject({
  field_name: z.string(),
  field_schema: z.union([dataType, textIndex]),
});
export type FieldSchema = z.infer<typeof indexSchema>['field_schema'];
