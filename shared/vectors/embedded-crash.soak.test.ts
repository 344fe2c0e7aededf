import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { seeded } from './seeded.ts';
import { surviveKills, surviveKillsAroundImage } from './testing-crash.ts';

it('100 kills in the middle of writes lose nothing that was acknowledged', async () => {
  const { SEED = Date.now() % 1e9 } = process.env;
  const seed = Number(SEED);
  console.log(`SEED=${seed}`);
  const folder = await mkdtemp(join(tmpdir(), 'semblance-crash-'));
  await surviveKills(join(folder, 'index.sqlite'), 100, seeded(seed));
  await rm(folder, { recursive: true });
  expect.hasAssertions();
});

it('60 kills while an index opens with an image or makes one lose nothing that was acknowledged', async () => {
  const { SEED = Date.now() % 1e9 } = process.env;
  const seed = Number(SEED);
  console.log(`SEED=${seed}`);
  const folder = await mkdtemp(join(tmpdir(), 'semblance-crash-'));
  await surviveKillsAroundImage(join(folder, 'index.sqlite'), 60, seeded(seed));
  await rm(folder, { recursive: true });
  expect.hasAssertions();
});
