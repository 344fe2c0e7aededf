import { z } from 'zod';
import type { PayloadFieldType, Point, Query, StoredPoint } from './vector-index.ts';

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
export const scoredSchema = z.array(
  z.object({ points: z.array(z.object({ id: idSchema, score: z.number() })) }),
);
export const scrollSchema = z.object({ points: pointsSchema, next_page_offset: idSchema.nullish() });
export const countSchema = z.object({ count: z.number() });
export const facetSchema = z.object({
  hits: z.array(z.object({ value: z.union([z.string(), z.number(), z.boolean()]), count: z.number() })),
});
export const infoSchema = z.object({
  config: z.object({
    params: z.object({
      vectors: z.record(z.string(), z.object({ size: z.number() })).default({}),
      sparse_vectors: z.record(z.string(), z.unknown()).nullish(),
    }),
  }),
  payload_schema: z.record(z.string(), z.object({ data_type: z.string() })).default({}),
});

/** A payload index's type as Qdrant reports it, and as it is asked to make one. */
export const dataType = (type: PayloadFieldType): string => (type === 'phrase' ? 'text' : type);

export const fieldSchema = (type: PayloadFieldType) =>
  type === 'phrase'
    ? { type: 'text' as const, tokenizer: 'whitespace' as const, lowercase: true, phrase_matching: true }
    : type;

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

export function toSearch(query: Query) {
  const { using, limit, filter, scoreThreshold } = query;
  const common = {
    using,
    limit,
    with_payload: false,
    ...(filter && { filter }),
    ...(scoreThreshold !== undefined && { score_threshold: scoreThreshold }),
  };
  if ('sparse' in query) {
    const { indices, values } = query.sparse;
    return { ...common, query: { nearest: { indices: [...indices], values: [...values] } } };
  }
  const dense = { ...common, params: { quantization: { rescore: true } } };
  if ('nearest' in query) return { ...dense, query: { nearest: [...query.nearest] } };
  const { positive, negative } = query.best;
  const lists = (vectors: readonly Float32Array[]) => vectors.map(vector => [...vector]);
  return {
    ...dense,
    query: {
      recommend: { positive: lists(positive), negative: lists(negative), strategy: 'best_score' as const },
    },
  };
}
