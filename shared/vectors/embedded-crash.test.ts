import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { seeded } from './seeded.ts';
import { surviveKills, surviveKillsAroundImage } from './testing-crash.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'semblance-crash-'));
});
afterAll(() => rm(folder, { recursive: true }));

it('20 kills in the middle of writes lose nothing that was acknowledged', async () => {
  const seed = Date.now() % 1e9;
  await surviveKills(join(folder, 'index.sqlite'), 20, seeded(seed)).catch(error => {
    throw new Error(`seed ${seed}`, { cause: error });
  });
  expect.hasAssertions();
});

it('4 kills while an index opens with an image or makes one lose nothing that was acknowledged', async () => {
  const seed = Date.now() % 1e9;
  await surviveKillsAroundImage(join(folder, 'imaged.sqlite'), 4, seeded(seed)).catch(error => {
    throw new Error(`seed ${seed}`, { cause: error });
  });
  expect.hasAssertions();
});
