import { execFile } from 'node:child_process';
import { cp, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { readModelInfo } from '../models/model-folder.ts';
import { openModel } from '../models/onnx-encoder.ts';
import { demoModel } from '../models/registry.ts';
import { TEXT_TOWER } from '../models/tower-files.ts';
import { openWordsEncoder } from '../ocr/words-encoder.ts';
import { readWordsModel, WORDS_MODEL } from '../ocr/words-model.ts';
import { openTextThread, type TextThread, type TextThreadOptions } from './text-thread.ts';

const WORDS_FOLDER = join(import.meta.dirname, '../../models', WORDS_MODEL);
const settings = {
  model: demoModel(),
  modelInfo: await readModelInfo(demoModel()),
  wordsFolder: WORDS_FOLDER,
  wordsInfo: await readWordsModel(WORDS_FOLDER),
};

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'semblance-text-thread-'));
});
afterAll(() => rm(folder, { recursive: true }));

let thread: TextThread | undefined;
afterEach(() => thread?.close());
const open = (options: Partial<TextThreadOptions> = {}): TextThread => {
  thread = openTextThread({ ...settings, ...options });
  return thread;
};
const obedient = (): TextThread => open({ entry: new URL('./testing-text-worker.ts', import.meta.url) });

const LONG = 'A cat sits on a red sofa and looks at the rain. '.repeat(12);
const TEXTS = ['dog', 'a red apple', '生日快乐', LONG, '\ud83d'];

describe('the encoders of a thread', () => {
  test.each([
    ['text', async () => (await openModel(demoModel())).openText()],
    ['words', () => openWordsEncoder(WORDS_FOLDER)],
  ] as const)('embed %s as the same code does inline, bit by bit', async (name, openInline) => {
    const inline = await openInline();
    const { [name]: encoder } = open();
    expect(encoder.model).toEqual(inline.model);
    for (const text of TEXTS) expect(await encoder.encodeText(text)).toEqual(await inline.encodeText(text));
    await inline.close();
  });

  test('answer many texts at once in their order, each with its own vector', async () => {
    const { text, words } = open();
    const asked = TEXTS.flatMap(each => [
      { encoder: text, each },
      { encoder: words, each },
    ]);
    const alone = [];
    for (const { encoder, each } of asked) alone.push(await encoder.encodeText(each));
    const order: number[] = [];
    const together = asked.map(async ({ encoder, each }, n) => {
      const embedding = await encoder.encodeText(each);
      order.push(n);
      return embedding;
    });
    expect(await Promise.all(together)).toEqual(alone);
    expect(order).toEqual(asked.map((_, n) => n));
  });

  test('reject an empty text by its code', async () => {
    const { text, words } = open();
    await expect(text.encodeText(' ')).rejects.toMatchObject({ code: 'empty_query', name: 'SemblanceError' });
    await expect(words.encodeText('')).rejects.toMatchObject({ code: 'empty_query' });
  });

  test('say that a model is missing or damaged, and load it with the next text when it is mended', async () => {
    const model = { ...demoModel(), folder: join(folder, 'model') };
    await cp(demoModel().folder, model.folder, { recursive: true });
    const tower = join(model.folder, TEXT_TOWER);
    await rename(tower, `${tower}.aside`);
    const { text } = open({ model });
    await expect(text.encodeText('dog')).rejects.toMatchObject({ code: 'model_missing' });
    await writeFile(tower, '<html>');
    await expect(text.encodeText('dog')).rejects.toMatchObject({ code: 'model_corrupt' });
    await rename(`${tower}.aside`, tower);
    expect((await text.encodeText('dog')).parts).toBe(1);
  });
});

describe('a thread of texts', () => {
  test('leaves the calling thread free while it embeds', async () => {
    const file = join(folder, 'go-on');
    const embedding = obedient().text.encodeText(`hold-until ${file}`);
    await writeFile(file, '');
    expect((await embedding).parts).toBe(1);
  });

  test.each([
    [
      'that ends',
      'exit',
      { code: 'machine_busy', passing: true, message: expect.stringContaining('exit code 3') },
    ],
    ['that a fault ends', 'fault', { code: 'internal', message: expect.stringContaining('a fault') }],
  ])('%s fails the texts under way, and the next text gets another', async (_, command, error) => {
    const { text, words } = obedient();
    expect((await text.encodeText('before')).vector).toEqual(Float32Array.of(6));
    const underWay = [text.encodeText(command), words.encodeText('after it')];
    for (const { reason } of (await Promise.allSettled(underWay)) as PromiseRejectedResult[])
      expect(reason).toMatchObject(error);
    expect((await text.encodeText('again')).vector).toEqual(Float32Array.of(5));
  });

  test('that is closed fails the texts under way and later ones', async () => {
    const { text, close } = obedient();
    const file = join(folder, 'ended');
    const underWay = [text.encodeText(`hold-until ${file}`), text.encodeText(`hold-until ${file}.never`)];
    const closed = close();
    const outcomes = await Promise.allSettled([...underWay, text.encodeText('later')]);
    for (const { reason } of outcomes as PromiseRejectedResult[])
      expect(reason).toMatchObject({ code: 'out_of_time', passing: true });
    await writeFile(file, '');
    await closed;
  });

  const program = async (lines: string): Promise<string> => {
    const script = join(folder, 'program.mjs');
    await writeFile(
      script,
      `import { openTextThread } from ${JSON.stringify(new URL('./text-thread.ts', import.meta.url).href)};
      const { text, close } = openTextThread(${JSON.stringify(settings)});
      ${lines}`,
    );
    const { stdout } = await promisify(execFile)(process.execPath, [script], { timeout: 60_000 });
    return stdout;
  };

  test('holds the process while texts are under way, and not when it is idle', async () => {
    const lines = `for (const each of ['dog', 'cat']) console.log((await text.encodeText(each)).parts);`;
    expect(await program(lines)).toBe('1\n1\n');
  });

  test('that is at work when the process exits lets it exit with its code', async () => {
    const lines = `
      await text.encodeText('dog');
      for (let i = 0; i < 20; i++) text.encodeText(${JSON.stringify(LONG)} + i).catch(() => {});
      setTimeout(() => process.exit(130), 20);`;
    await expect(program(lines)).rejects.toMatchObject({ code: 130 });
  });

  test('that is closed at work is closed, and the process is told so', async () => {
    const lines = `
      await text.encodeText('dog');
      for (let i = 0; i < 50; i++) text.encodeText('cat ' + i).catch(() => {});
      await close();
      console.log('closed');`;
    expect(await program(lines)).toBe('closed\n');
  });
});
