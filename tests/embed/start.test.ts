import { afterAll, beforeAll, expect, it } from 'vitest';
import { openEmbedFunction } from '../../functions/embed/compose.ts';
import { parseConfig } from '../../shared/config.ts';
import { silent } from '../indexing/domain.ts';
import { startCloud } from '../lambda/cloud.ts';

let cloud: Awaited<ReturnType<typeof startCloud>>;
beforeAll(async () => {
  cloud = await startCloud('demo');
  const credentials = {
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    AWS_REGION: 'eu-central-1',
  };
  Object.assign(process.env, credentials, { AWS_ENDPOINT_URL: cloud.embedEnvironment.AWS_ENDPOINT_URL });
});
afterAll(() => cloud.close());

const open = (environment: Record<string, string>) =>
  openEmbedFunction(parseConfig({ ...cloud.embedEnvironment, SEMBLANCE_OCR: 'off', ...environment }), silent);
const task = { key: 'a.webp', failures: 0, suspect: false };

it('an index that is away when the function starts holds its keys, and is set up when it is back', async () => {
  await cloud.qdrant.down();
  const work = await open({});
  expect(await work.keyWork(task)).toMatchObject({ type: 'held', error: { code: 'index_unavailable' } });
  await cloud.qdrant.up();
  expect(await work.keyWork(task)).toMatchObject({ type: 'settled', outcome: { type: 'unchanged' } });
  expect(await cloud.queued()).toEqual([{ semblance: 'sweep' }]);
});

it('a wrong key holds them too, and gives none of them up', async () => {
  const work = await open({ QDRANT_API_KEY: 'wrong' });
  expect(await work.keyWork(task)).toMatchObject({ type: 'held', error: { code: 'index_denied' } });
});
