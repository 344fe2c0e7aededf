import { readFile } from 'node:fs/promises';
import { z } from 'zod';

const requestSchema = z.object({ method: z.string(), path: z.string(), body: z.looseObject({ filter: z.unknown().optional() }) });

export const hitSchema = z.object({
  id: z.string(),
  score: z.number().optional(),
  payload: z.record(z.string(), z.unknown()).optional(),
  vector: z.record(z.string(), z.array(z.number())).optional(),
});
export type GoldenHit = z.infer<typeof hitSchema>;

const caseSchema = z.object({
  name: z.string(),
  setup: z.array(requestSchema).default([]),
  request: requestSchema,
  result: z.array(hitSchema).optional(),
  next_page_offset: z.string().nullable().optional(),
  hits: z.array(z.object({ value: z.string(), count: z.number() })).optional(),
  count: z.number().optional(),
  error: z.string().optional(),
  ties: z.array(z.array(z.string())).default([]),
});
export type GoldenCase = z.infer<typeof caseSchema>;
export type GoldenRequest = z.infer<typeof requestSchema>;

const datasetSchema = z.object({
  collection: z.object({ vectors: z.record(z.string(), z.object({ size: z.number(), distance: z.string() })) }),
  points: z.array(
    z.object({
      id: z.string(),
      vector: z.record(z.string(), z.array(z.number())),
      payload: z.record(z.string(), z.unknown()),
    }),
  ),
});
export type GoldenDataset = z.infer<typeof datasetSchema>;

const read = async (name: string): Promise<unknown> =>
  JSON.parse(await readFile(new URL(name, import.meta.url), 'utf8'));

export const readDataset = async (): Promise<GoldenDataset> => datasetSchema.parse(await read('dataset.json'));
export const readCases = async (): Promise<GoldenCase[]> =>
  z.array(caseSchema).parse(await read('cases.json'));
