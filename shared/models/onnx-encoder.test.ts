import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { tinyOnnx } from '../../tests/models/tiny-model.ts';
import type { TextEncoder } from './encoder.ts';
import type { LocatedModel } from './model-folder.ts';
import { type Closable, normalizer, openModel } from './onnx-encoder.ts';
import { demoModel } from './registry.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'semblance-encoder-'));
});
afterAll(() => rm(folder, { recursive: true }));

/** The demo model's folder with some files replaced. */
async function variant(name: string, files: Record<string, object | Buffer>): Promise<LocatedModel> {
  const copy = join(folder, name);
  await cp(demoModel().folder, copy, { recursive: true });
  for (const [path, content] of Object.entries(files)) {
    await writeFile(join(copy, path), Buffer.isBuffer(content) ? content : JSON.stringify(content));
  }
  return { ...demoModel(), name, repository: name, folder: copy };
}

describe('a text encoder', () => {
  let encoder: TextEncoder & Closable;
  beforeAll(async () => {
    encoder = await (await openModel(demoModel())).openText({ threads: 1 });
  });
  afterAll(() => encoder.close());

  it.each(['', '   ', '\n\t\u3000'])('rejects the empty text %j', async text => {
    await expect(encoder.encodeText(text)).rejects.toMatchObject({ code: 'empty_query' });
  });

  it('takes composed and decomposed letters, and spaces around, for the same', async () => {
    const plain = await encoder.encodeText('café');
    expect(await encoder.encodeText('  cafe\u0301\n')).toEqual(plain);
  });

  it.each([
    ['one endless word', 'x'.repeat(1_000_000)],
    ['a book', 'the quick brown fox '.repeat(20_000)],
    ['Chinese', '快乐'.repeat(50_000)],
    ['half a surrogate pair', '\ud83d'],
    ['control characters', '\u0000\u0001\u001b[31m'],
  ])('takes any text: %s', async (_, text) => {
    const { vector } = await encoder.encodeText(text);
    expect(Math.hypot(...vector)).toBeCloseTo(1, 5);
  });

  it('reads all of a long text, in parts whose mean it gives', async () => {
    const sentence = 'A cat sits on a red sofa and looks at the rain. ';
    const long = sentence.repeat(12);
    const [short, whole, ending] = await Promise.all(
      [sentence, long, `${long} Two dogs eat pizza.`].map(text => encoder.encodeText(text)),
    );
    expect(short?.parts).toBe(1);
    expect(whole?.parts).toBeGreaterThan(1);
    expect(Math.hypot(...(whole?.vector ?? []))).toBeCloseTo(1, 5);
    const cosine = (a: Float32Array = new Float32Array(), b: Float32Array = new Float32Array()) =>
      a.reduce((sum, value, d) => sum + value * (b[d] ?? 0), 0);
    expect(cosine(short?.vector, whole?.vector)).toBeGreaterThan(0.6);
    expect(cosine(whole?.vector, ending?.vector)).toBeLessThan(0.9999);
  });

  it('gives each text its own vector however many are embedded at once', async () => {
    const texts = ['dog', 'a red apple', '生日快乐', 'two cats and a pizza'];
    const alone = [];
    for (const text of texts) alone.push(await encoder.encodeText(text));
    expect(await Promise.all(texts.map(text => encoder.encodeText(text)))).toEqual(alone);
  });
});

describe('an image encoder', () => {
  it('rejects pixels of another size', async () => {
    const encoder = await (await openModel(demoModel())).openImage({ threads: 1 });
    await expect(encoder.encodePixels(new Uint8Array(3))).rejects.toThrow(RangeError);
    await encoder.close();
  });

  it('normalises by channel into planes', () => {
    const normalize = normalizer({
      input: { edge: 2, fit: 'crop', resample: 'bicubic' },
      rescale: 1 / 255,
      mean: [0, 0.5, 1],
      std: [1, 0.5, 0.25],
    });
    const pixels = Uint8Array.of(0, 0, 0, 255, 255, 255, 0, 255, 0, 255, 0, 255);
    expect([...normalize(pixels)]).toEqual([0, 1, 0, 1, -1, 1, 1, -1, -4, 0, -4, 0]);
  });
});

describe('opening a model', () => {
  it('reads dimension, limits and the way of pixels from its files', async () => {
    const { info } = await openModel(demoModel());
    expect(info).toMatchObject({
      name: 'demo',
      dimension: 256,
      demo: true,
      input: { edge: 96, fit: 'crop', resample: 'bicubic' },
      fingerprint: expect.stringMatching(/^[0-9a-f]{12}$/),
    });
  });

  it('changes the fingerprint with repository and revision', async () => {
    const prints = new Set<string>();
    for (const change of [{}, { repository: 'a/b' }, { revision: '2' }]) {
      prints.add((await openModel({ ...demoModel(), ...change })).info.fingerprint);
    }
    expect(prints.size).toBe(3);
  });

  it('says that a model is missing', async () => {
    const model = { ...demoModel(), folder: join(folder, 'nowhere') };
    await expect(openModel(model)).rejects.toMatchObject({ code: 'model_missing' });
    const towerless = await variant('towerless', {});
    await rm(join(towerless.folder, 'onnx'), { recursive: true });
    await expect((await openModel(towerless)).openText()).rejects.toMatchObject({ code: 'model_missing' });
  });

  it('says that a tower is damaged', async () => {
    const damaged = await variant('damaged', { 'onnx/text_model_quantized.onnx': Buffer.from('<html>') });
    await expect((await openModel(damaged)).openText()).rejects.toMatchObject({ code: 'model_corrupt' });
  });

  it('rejects another type and another way of preparing pixels', async () => {
    const bert = await variant('bert', { 'config.json': { model_type: 'bert' } });
    await expect(openModel(bert)).rejects.toMatchObject({ code: 'model_unsupported' });
    const config = { size: { shortest_edge: 256 }, crop_size: 224, do_center_crop: true, resample: 3 };
    const odd = await variant('odd', {
      'preprocessor_config.json': { ...config, image_mean: [0, 0, 0], image_std: [1, 1, 1] },
    });
    await expect(openModel(odd)).rejects.toMatchObject({ code: 'model_unsupported' });
  });

  it('rejects a tower whose vectors are not as long as config.json says', async () => {
    const config = JSON.parse(await readFile(join(demoModel().folder, 'config.json'), 'utf8'));
    const wrong = await variant('wrong', { 'config.json': { ...config, projection_dim: 512 } });
    const encoder = await (await openModel(wrong)).openText({ threads: 1 });
    await expect(encoder.encodeText('dog')).rejects.toMatchObject({ code: 'model_unsupported' });
    await encoder.close();
  });
});

/** SigLIP's real weights are not at hand: a stand-in of its shape shows what its towers are fed. */
describe('a model of type siglip', () => {
  const open = async () => {
    const limit = 8;
    const textWeights = new Float32Array(limit * limit);
    for (let i = 0; i < limit; i++) textWeights[i * limit + i] = 1;
    const visionWeights = new Float32Array(3 * 16 * 16 * limit).fill(0.1);
    const model = await variant('siglip', {
      // SigLIP 2's config.json leaves out what is transformers' default.
      'config.json': {
        model_type: 'siglip',
        text_config: { hidden_size: limit, max_position_embeddings: limit },
      },
      'preprocessor_config.json': {
        do_resize: true,
        image_mean: [0.5, 0.5, 0.5],
        image_std: [0.5, 0.5, 0.5],
        resample: 2,
        rescale_factor: 0.00392156862745098,
        size: { height: 16, width: 16 },
      },
      'tokenizer_config.json': { eos_token: '<|endoftext|>', pad_token: '<|startoftext|>' },
      'onnx/text_model_quantized.onnx': tinyOnnx({
        input: 'input_ids',
        type: 7,
        shape: [limit],
        output: 'pooler_output',
        dimension: limit,
        weights: textWeights,
      }),
      'onnx/vision_model_quantized.onnx': tinyOnnx({
        input: 'pixel_values',
        type: 1,
        shape: [3, 16, 16],
        output: 'pooler_output',
        dimension: limit,
        weights: visionWeights,
      }),
    });
    return await openModel(model);
  };

  /** The stand-in gives its token ids back as a vector: padding is 0, the end token 1, dog 2710. */
  const proportions = async (text: string) => {
    const encoder = await (await open()).openText({ threads: 1 });
    const { vector } = await encoder.encodeText(text);
    await encoder.close();
    const end = [...vector].filter(component => component > 0).at(-1) ?? Number.NaN;
    return [...vector].map(component => Math.round(component / end));
  };

  it('stretches images to a square, bilinear', async () => {
    const { info } = await open();
    expect(info.dimension).toBe(8);
    expect(info.input).toEqual({ edge: 16, fit: 'fill', resample: 'bilinear' });
  });

  it('lower-cases text, leaves out the start token, ends it, and pads to the full length', async () => {
    expect(await proportions('DOG')).toEqual([2710, 1, 0, 0, 0, 0, 0, 0]);
  });

  it('keeps the end token when it cuts', async () => {
    const ids = await proportions('dog '.repeat(20));
    expect(ids).toHaveLength(8);
    expect(ids.at(-1)).toBe(1);
    expect(ids.slice(0, -1)).not.toContain(1);
  });

  it('pools images through pooler_output', async () => {
    const encoder = await (await open()).openImage({ threads: 1 });
    const vector = await encoder.encodePixels(new Uint8Array(3 * 16 * 16).fill(255));
    expect([...vector]).toEqual(Array(8).fill(expect.closeTo(1 / Math.sqrt(8), 5)));
    await encoder.close();
  });
});
