import { fork } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { z } from 'zod';
import { expectIndexEqualsStore, sweepAndDrain } from './changing-store.ts';
import { newFolders, openWatchedLaptop } from './harness.ts';

const messageSchema = z.union([
  z.object({ type: z.literal('ready') }),
  z.object({ type: z.enum(['uploaded', 'starred']), id: z.string() }),
]);

/**
 * Kills a process that indexes, uploads and stars, again and again at a random moment. Then nothing that was
 * acknowledged is lost, and after a sweep the index equals the store.
 */
export async function expectCrashesHeal(crashes: number): Promise<void> {
  const places = newFolders();
  mkdirSync(places.folder, { recursive: true });
  const uploaded = new Set<string>();
  const starred = new Set<string>();
  for (let round = 0; round < crashes; round++) {
    for (let i = 0; i < 10; i++)
      writeFileSync(join(places.folder, `${round}-${i}.png`), `image ${round} ${i}`);
    const child = fork(join(import.meta.dirname, 'crash-child.ts'), [
      places.folder,
      places.data,
      String(round),
    ]);
    const exited = new Promise(resolve => child.once('exit', resolve));
    let acknowledged = 0;
    const enough = Math.floor(Math.random() * 25);
    child.on('message', raw => {
      const message = messageSchema.parse(raw);
      if (message.type === 'uploaded') uploaded.add(message.id);
      if (message.type === 'starred') starred.add(message.id);
      if (acknowledged++ === enough) setTimeout(() => child.kill('SIGKILL'), Math.random() * 30);
    });
    await exited;
  }
  expect(uploaded.size).toBeGreaterThan(0);

  const h = await openWatchedLaptop(places);
  await sweepAndDrain(h);
  // A key that was in work alone at each of several kills in a row is taken for their cause.
  await h.library.retry();
  await h.drain();
  await expectIndexEqualsStore(h);
  for (const id of uploaded) expect(await h.library.state(id)).toBe('indexed');
  for (const id of starred) expect(await h.payload(id)).toMatchObject({ starred: true });
  await h.close();
  console.log(
    `${crashes} kills: ${uploaded.size} uploads and ${starred.size} stars were acknowledged and kept`,
  );
}
