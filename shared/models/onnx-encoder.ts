import { join } from 'node:path';
import { type InferenceSession, Tensor } from 'onnxruntime-node';
import { SemblanceError } from '../errors.ts';
import type { ImageEncoder, ModelInfo, TextEncoder } from './encoder.ts';
import {
  type LocatedModel,
  type ModelLayout,
  modelInfo,
  readLayout,
  TEXT_TOWER,
  VISION_TOWER,
} from './model-folder.ts';
import { int64Row, openSession, runOne, type SessionOptions, toUnitLength } from './session.ts';
import { cleanText, openTokenizer, type TokenizeText } from './text-tokens.ts';

/** Frees the tower's memory; the encoder can't be used afterwards. */
export type Closable = { close(): Promise<void> };

/** A model whose small files are read; its towers load when they are asked for, each apart. */
export type OpenModel = {
  readonly info: ModelInfo;
  openText(options?: SessionOptions): Promise<TextEncoder & Closable>;
  openImage(options?: SessionOptions): Promise<ImageEncoder & Closable>;
};

/**
 * Opens a model of this machine by its folder; works in the main thread and in workers alike. One text or
 * picture a run: dynamic quantization scales over a whole batch, so batch-mates would change each other's
 * vectors.
 * @throws model_missing, model_corrupt, model_unsupported
 */
export async function openModel(model: LocatedModel): Promise<OpenModel> {
  const layout = await readLayout(model.folder);
  const info = modelInfo(model, layout);
  return {
    info,
    async openText(options) {
      const tokenize = await openTokenizer(model.folder, layout);
      const session = await openSession(join(model.folder, TEXT_TOWER), options);
      return textEncoder(info, tokenize, session);
    },
    async openImage(options) {
      const session = await openSession(join(model.folder, VISION_TOWER), options);
      return imageEncoder(info, layout, session);
    },
  };
}

const textEncoder = (
  info: ModelInfo,
  tokenize: TokenizeText,
  session: InferenceSession,
): TextEncoder & Closable => ({
  model: info,
  async encodeText(text) {
    const ids = tokenize(cleanText(text));
    const feeds = { input_ids: int64Row(ids), attention_mask: int64Row(ids.map(() => 1)) };
    return checkedUnit(await runOne(session, feeds, ['text_embeds', 'pooler_output']), info);
  },
  close: () => session.release(),
});

const imageEncoder = (
  info: ModelInfo,
  layout: ModelLayout,
  session: InferenceSession,
): ImageEncoder & Closable => {
  const normalize = normalizer(layout);
  const { edge } = layout.input;
  return {
    model: info,
    async encodePixels(pixels) {
      const feeds = { pixel_values: new Tensor('float32', normalize(pixels), [1, 3, edge, edge]) };
      return checkedUnit(await runOne(session, feeds, ['image_embeds', 'pooler_output']), info);
    },
    close: () => session.release(),
  };
};

/** RGB interleaved, 0–255, to planes of normalised floats, Float32Array[3 × edge × edge]. */
export function normalizer(layout: Pick<ModelLayout, 'input' | 'rescale' | 'mean' | 'std'>) {
  const area = layout.input.edge ** 2;
  const tables = layout.mean.map((mean, channel) =>
    Float32Array.from({ length: 256 }, (_, level) => (level * layout.rescale - mean) / layout.std[channel]!),
  );
  return (pixels: Uint8Array | Uint8ClampedArray): Float32Array => {
    if (pixels.length !== 3 * area) {
      throw new RangeError(`${pixels.length} values given where the model takes ${3 * area}`);
    }
    const planes = new Float32Array(3 * area);
    for (const [channel, table] of tables.entries()) {
      const plane = channel * area;
      for (let i = 0; i < area; i++) planes[plane + i] = table[pixels[3 * i + channel]!]!;
    }
    return planes;
  };
}

function checkedUnit(vector: Float32Array, info: ModelInfo): Float32Array {
  if (vector.length === info.dimension) return toUnitLength(vector);
  throw new SemblanceError(
    'model_unsupported',
    `config.json says ${info.dimension} components, the graph gives ${vector.length}`,
  );
}
