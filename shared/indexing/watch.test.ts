import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  realpathSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Watcher, watchFolder } from './watch.ts';

const root = realpathSync(mkdtempSync(join(tmpdir(), 'semblance-watch-')));
afterAll(() => rmSync(root, { recursive: true, force: true }));

let folders = 0;
let folder: string;
let sent: string[];
let batches: string[][];
let unnamed: number;
let news: () => void;
let watcher: Watcher;

beforeEach(async () => {
  folder = join(root, `${folders++}`);
  mkdirSync(join(folder, 'nested'), { recursive: true });
  writeFileSync(join(folder, 'there.jpg'), 'x');
  sent = [];
  batches = [];
  unnamed = 0;
  news = () => {};
  watcher = await watchFolder({
    folder,
    exclude: join(folder, 'data'),
    send: async (keys, what) => {
      sent.push(...keys);
      batches.push([what, ...keys]);
      news();
    },
    unnamed: () => {
      unnamed++;
      news();
    },
    log: {
      debug() {},
      info() {},
      warn() {},
      error: (message, fields) => expect.fail(`${message} ${fields}`),
    },
  });
});
afterEach(() => watcher.close());

/** Resolves when the key was sent. */
const keySent = (key: string): Promise<void> => until(() => sent.includes(key));

async function until(holds: () => boolean): Promise<void> {
  while (!holds())
    await new Promise<void>(resolve => {
      news = resolve;
    });
}

describe('the watcher', () => {
  it('reports what is added, changed, renamed and removed', async () => {
    writeFileSync(join(folder, 'nested', '新年 🐈.jpg'), 'x');
    await keySent('nested/新年 🐈.jpg');
    sent = [];
    appendFileSync(join(folder, 'there.jpg'), 'more');
    await keySent('there.jpg');
    sent = [];
    renameSync(join(folder, 'there.jpg'), join(folder, 'nested', 'moved.jpg'));
    await keySent('there.jpg');
    // The new name comes first.
    expect(sent).toEqual(['nested/moved.jpg', 'there.jpg']);
    sent = [];
    rmSync(join(folder, 'nested'), { recursive: true });
    await keySent('nested/moved.jpg');
    await keySent('nested/新年 🐈.jpg');
  });

  it('is silent on hidden files, system files and the data folder, and sends names as they are', async () => {
    mkdirSync(join(folder, 'data'));
    for (const name of ['.hidden.jpg', 'Thumbs.db', 'data/thumbnail.webp', 'e\u0301.jpg'])
      writeFileSync(join(folder, name), 'x');
    await keySent('e\u0301.jpg');
    await watcher.close();
    expect(sent).toEqual(['e\u0301.jpg']);
  });

  it('follows a link to another folder, and none that leads back or up', async () => {
    const elsewhere = mkdtempSync(join(root, 'elsewhere-'));
    symlinkSync(folder, join(folder, 'nested', 'loop'));
    symlinkSync(root, join(folder, 'above'));
    symlinkSync(elsewhere, join(elsewhere, 'itself'));
    symlinkSync(elsewhere, join(folder, 'linked'));
    writeFileSync(join(elsewhere, 'first.jpg'), 'x');
    await keySent('linked/first.jpg');
    writeFileSync(join(elsewhere, 'second.jpg'), 'x');
    writeFileSync(join(folder, 'nested', 'own.jpg'), 'x');
    await keySent('linked/second.jpg');
    await keySent('nested/own.jpg');
    await watcher.close();
    expect(new Set(sent)).toEqual(new Set(['linked/first.jpg', 'linked/second.jpg', 'nested/own.jpg']));
  });

  it('reports a renamed folder: first all that is there, last all that is gone', async () => {
    mkdirSync(join(folder, 'old'));
    const names = Array.from({ length: 120 }, (_, i) => `${i}.jpg`);
    for (const name of names) writeFileSync(join(folder, 'old', name), name);
    for (const name of names) await keySent(`old/${name}`);
    batches = [];
    sent = [];
    renameSync(join(folder, 'old'), join(folder, 'new'));
    await keySent('old/119.jpg');
    await keySent('old/0.jpg');
    for (const name of names) await keySent(`new/${name}`);
    const kinds = batches.map(([what]) => what);
    expect(kinds.at(-1)).toBe('removed');
    expect(kinds.indexOf('removed')).toBe(kinds.length - 1);
    expect(batches.at(-1)).toHaveLength(121);
  });

  it.each(['at once', 'later'])(
    'reports a file that is replaced by a folder, and what is added to that folder %s',
    async when => {
      rmSync(join(folder, 'there.jpg'));
      mkdirSync(join(folder, 'there.jpg'));
      if (when === 'later') await keySent('there.jpg');
      writeFileSync(join(folder, 'there.jpg', 'first.jpg'), 'x');
      await keySent('there.jpg');
      await keySent('there.jpg/first.jpg');
      mkdirSync(join(folder, 'there.jpg', 'deep'));
      writeFileSync(join(folder, 'there.jpg', 'deep', 'second.jpg'), 'x');
      await keySent('there.jpg/deep/second.jpg');
      expect(batches.find(([, key]) => key === 'there.jpg')?.[0]).toBe('removed');
    },
  );

  it('reports that something changed whose name is no text', async () => {
    writeFileSync(
      Buffer.concat([Buffer.from(`${folder}/Gro`), Buffer.from([0xdf]), Buffer.from('.png')]),
      'x',
    );
    await until(() => unnamed > 0);
  });

  it('sends a file that is written slowly once it is whole', async () => {
    const file = join(folder, 'slow.jpg');
    let parts = 0;
    const writing = setInterval(() => {
      appendFileSync(file, 'part');
      if (++parts === 8) clearInterval(writing);
    }, 100);
    await keySent('slow.jpg');
    expect(parts).toBe(8);
  });
});
