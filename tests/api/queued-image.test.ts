import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { localUrls } from '../../functions/search/local-urls.ts';
import { payloadSchema } from '../../shared/catalog/payload.ts';
import type { Library } from '../../shared/indexing/library.ts';
import type { StoredPoint, VectorIndex } from '../../shared/vectors/vector-index.ts';
import { stubbedApp } from './app-stub.ts';

const id = randomUUID();
const point: StoredPoint = {
  id,
  vectors: {},
  payload: payloadSchema.parse({
    key: `uploads/${id}.jpeg`,
    etag: '1',
    format: 'jpeg',
    bytes: 1,
    sha1: '0'.repeat(40),
    width: 1,
    height: 1,
    aspect_ratio: 1,
    taken_at_source: 'file',
    taken_local: '2026-01-01T00:00:00Z',
    index_date: '2026-01-01T00:00:00Z',
    dhash: '0'.repeat(16),
    has_thumbnail: false,
    has_preview: true,
    local: true,
  }),
};

const appOn = (looks: (readonly StoredPoint[])[], state: Awaited<ReturnType<Library['state']>>) =>
  stubbedApp(
    {},
    {
      index: { retrieve: async () => looks.shift() ?? [] } as unknown as VectorIndex,
      library: { state: async () => state } as unknown as Library,
      urls: localUrls,
    },
  );

test.each([
  [`/search/similar/${id}`, undefined],
  [`/images/id/${id}/similar-groups`, undefined],
  [`/images/id/${id}/rendition`, undefined],
  [`/images/id/${id}/words`, undefined],
  ['/search/advanced', { positive: [{ value: `id:${id}` }] }],
  ['/search/query', { criteria: [{ id }] }],
  ['/search/query', { criteria: [{ id, region: { x: 0, y: 0, width: 1, height: 1 } }] }],
])('%s with an image that waits is 409, with an unknown one 404', async (path, body) => {
  for (const [state, status, code] of [
    ['queued', 409, 'image_queued'],
    ['unknown', 404, 'not_found'],
  ] as const) {
    const response = await appOn([], state).request(path, {
      ...(body
        ? { method: 'POST', body: JSON.stringify(body), headers: { 'Content-Type': 'application/json' } }
        : {}),
    });
    expect([response.status, await response.json()]).toMatchObject([status, { code }]);
  }
});

test.each([
  ['waits', [[]], 'queued', 200, 'in_queue'],
  ['is indexed', [[point]], 'indexed', 200, 'mapped'],
  [
    'is indexed between the look for it and the question where it is',
    [[], [point]],
    'indexed',
    200,
    'mapped',
  ],
  ['failed', [[]], 'failed', 404, undefined],
  ['is unknown', [[]], 'unknown', 404, undefined],
] as const)('an image that %s gets its own response', async (_, looks, state, status, imageStatus) => {
  const response = await appOn([...looks], state).request(`/images/id/${id}`);
  expect(response.status).toBe(status);
  expect(await response.json()).toMatchObject(
    imageStatus ? { img_status: imageStatus } : { code: 'not_found' },
  );
});
