import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { drawImage } from '../contract-http/drawn-images.ts';
import { type LocalServer, startLocalServer } from '../contract-http/local-server.ts';
import { example } from './client-example.ts';

const HERE = import.meta.dirname;
let server: LocalServer;
beforeAll(async () => {
  server = await startLocalServer();
});
afterAll(() => server.close());

test('the example of docs/client.md runs, below / and below /api', async () => {
  const printed: unknown[][] = [];
  vi.spyOn(console, 'log').mockImplementation((...line) => void printed.push(line));
  const file = join(server.images, '..', 'rocket.jpg');
  for (const [base, emoji] of [
    ['', 'rocket'],
    ['/api', 'pizza'],
  ] as const) {
    await writeFile(file, await drawImage({ emoji }));
    const id = await example(server.baseUrl + base, 'read-me', 'rule-me', file);
    await server.idle();
    expect((await server.deps.index.retrieve([id]))[0]?.payload).toMatchObject({ categories: ['examples'] });
  }
  expect(printed).toContainEqual([1, 'images']);
});

test('the page shows that very example', async () => {
  const [page, code] = await Promise.all([
    readFile(join(HERE, '../../docs/client.md'), 'utf8'),
    readFile(join(HERE, 'client-example.ts'), 'utf8'),
  ]);
  expect(page).toContain(`\`\`\`ts\n${code}\`\`\`\n`);
});
