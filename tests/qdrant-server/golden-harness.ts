import { expect } from 'vitest';
import { z } from 'zod';
import {
  type GoldenCase,
  type GoldenHit,
  type GoldenRequest,
  hitSchema,
  readDataset,
} from '../golden/qdrant/golden.ts';
import { startQdrantServer } from './server.ts';

/** Payload indexes that the filters of the cases need, apart from what a case's own setup makes. */
const FIELDS = {
  width: 'integer',
  height: 'integer',
  aspect_ratio: 'float',
  starred: 'bool',
  local: 'bool',
  index_date: 'datetime',
  ocr_text: 'keyword',
  categories: 'keyword',
};

const responseSchema = z.object({ result: z.unknown().optional(), status: z.unknown() });
const pageSchema = z.object({ points: z.array(hitSchema), next_page_offset: z.string().nullish() });
export type Response = z.infer<typeof responseSchema>;

/** The points of a response, whether it is a page or a list. */
export const pointsOf = (result: unknown): z.infer<typeof pageSchema> =>
  pageSchema.parse(Array.isArray(result) ? { points: result } : result);

export type GoldenServer = {
  /** A collection of the data set as it was, with the payload indexes that filters need, but for those named. */
  fresh(withoutIndex?: readonly string[]): Promise<void>;
  /** Sends a request to the collection made last. */
  send(request: GoldenRequest): Promise<Response>;
  close(): Promise<void>;
};

export async function startGoldenServer(): Promise<GoldenServer> {
  const server = await startQdrantServer();
  const dataset = await readDataset();
  let collection = 0;

  const send = async ({ method, path, body }: GoldenRequest): Promise<Response> => {
    const response = await fetch(`${server.url}/collections/golden-${collection}${path}`, {
      method,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    return responseSchema.parse(await response.json());
  };
  return {
    send,
    async fresh(withoutIndex = []) {
      collection++;
      await send({ method: 'PUT', path: '', body: { ...dataset.collection } });
      for (const [field_name, field_schema] of Object.entries(FIELDS))
        if (!withoutIndex.includes(field_name))
          await send({ method: 'PUT', path: '/index', body: { field_name, field_schema } });
      await send({ method: 'PUT', path: '/points', body: { points: dataset.points } });
    },
    close: () => server.close(),
  };
}

/** Compares responses with the golden ones: scores by position, of tied points only that they belong there. */
export function compare(responses: GoldenHit[], { result = [], ties, name, request }: GoldenCase): void {
  // Only f32 sums in the same order could be equal.
  const atThreshold = name === 'nearest: score_threshold equal to the 4th score';
  const got = atThreshold ? responses.slice(0, result.length) : responses;
  expect(got.length).toBe(result.length);
  const ordered = request.path === '/points' ? got.toSorted((a, b) => order(a, b, result)) : got;
  for (const [i, expected] of result.entries()) {
    const response = ordered[i]!;
    const tie = ties.find(group => group.includes(expected.id));
    if (tie) expect(tie).toContain(response.id);
    else expect(response.id).toBe(expected.id);
    if (expected.score !== undefined) expect(Math.abs(response.score! - expected.score)).toBeLessThan(1e-5);
    expect(response.payload).toEqual(expected.payload);
    expect(Object.keys(response.vector ?? {}).sort()).toEqual(Object.keys(expected.vector ?? {}).sort());
    for (const [vector, values] of Object.entries(expected.vector ?? {}))
      for (const [at, value] of values.entries())
        expect(Math.abs(response.vector![vector]![at]! - value)).toBeLessThan(1e-6);
  }
}

/** The order in which the engine happened to return points of a look-up by ids. */
const order = (a: GoldenHit, b: GoldenHit, result: GoldenHit[]): number =>
  result.findIndex(({ id }) => id === a.id) - result.findIndex(({ id }) => id === b.id);
