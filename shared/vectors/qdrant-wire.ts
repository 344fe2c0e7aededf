import { z } from 'zod';
import type { PayloadFields, PayloadFieldType, Point, StoredPoint } from './vector-index.ts';

/** What goes to Qdrant and what comes back, in its own form; the client's types promise more than it checks. */

const idSchema = z.string();
export const pointsSchema = z.array(
  z.object({
    id: idSchema,
    payload: z.record(z.string(), z.unknown()).nullish(),
    vector: z.record(z.string(), z.unknown()).nullish(),
  }),
);
const denseSchema = z.array(z.number());
export const sparseSchema = z.object({ indices: z.array(z.number()), values: z.array(z.number()) });
const scoredPointSchema = z.object({
  id: idSchema,
  score: z.number(),
  payload: z.record(z.string(), z.unknown()).nullish(),
  vector: z.record(z.string(), z.unknown()).nullish(),
});
export type WireScored = z.infer<typeof scoredPointSchema>;
export const scoredSchema = z.array(z.object({ points: z.array(scoredPointSchema) }));
export const sampledSchema = z.object({ points: pointsSchema });
export const scrollSchema = z.object({ points: pointsSchema, next_page_offset: idSchema.nullish() });
export const countSchema = z.object({ count: z.number() });
export const facetSchema = z.object({
  hits: z.array(z.object({ value: z.union([z.string(), z.number(), z.boolean()]), count: z.number() })),
});
const fieldInfoSchema = z.object({ data_type: z.string(), params: z.unknown().optional() });
export const infoSchema = z.object({
  status: z.string(),
  points_count: z.number().nullish(),
  config: z.object({
    params: z.object({
      vectors: z.record(z.string(), z.object({ size: z.number() })).default({}),
      sparse_vectors: z.record(z.string(), z.unknown()).nullish(),
    }),
    metadata: z
      .object({ semblance: z.object({ namespace: z.string(), model: z.string() }).optional() })
      .nullish(),
  }),
  payload_schema: z.record(z.string(), fieldInfoSchema).default({}),
});
export const versionSchema = z.object({ version: z.string() });

const PHRASE = { type: 'text', tokenizer: 'whitespace', lowercase: true, phrase_matching: true } as const;
const phraseSchema = z.object({
  type: z.literal(PHRASE.type),
  tokenizer: z.literal(PHRASE.tokenizer),
  lowercase: z.literal(PHRASE.lowercase),
  phrase_matching: z.literal(PHRASE.phrase_matching),
});

const isPhrase = (type: PayloadFieldType): type is 'phrase' | 'letters' =>
  type === 'phrase' || type === 'letters';

/** A payload index as Qdrant is asked to make one. */
export const fieldSchema = (type: PayloadFieldType) =>
  isPhrase(type) ? PHRASE : type === 'unique' ? 'keyword' : type;

/** Whether the payload index that is there is the one that this type needs. */
export const isFieldSchema = (
  type: PayloadFieldType,
  present: z.infer<typeof fieldInfoSchema> | undefined,
): boolean =>
  isPhrase(type) ? phraseSchema.safeParse(present?.params).success : present?.data_type === fieldSchema(type);

export const fieldsOf = (fields: PayloadFields): boolean | string[] =>
  typeof fields === 'boolean' ? fields : fields.length > 0 && [...fields];

export const toWire = ({ id, vectors, sparse = {}, payload }: Point) => ({
  id,
  vector: {
    ...Object.fromEntries(Object.entries(vectors).map(([name, vector]) => [name, [...vector]])),
    ...Object.fromEntries(
      Object.entries(sparse).map(([name, { indices, values }]) => [
        name,
        { indices: [...indices], values: [...values] },
      ]),
    ),
  },
  payload,
});

export const toStored = ({ id, payload, vector }: z.infer<typeof pointsSchema>[number]): StoredPoint => ({
  id,
  payload: payload ?? {},
  vectors: Object.fromEntries(
    Object.entries(vector ?? {}).map(([name, values]) => [
      name,
      Float32Array.from(denseSchema.parse(values)),
    ]),
  ),
});
