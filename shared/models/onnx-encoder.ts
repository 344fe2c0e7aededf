import { SemblanceError } from '../errors.ts';
import type { ImageEncoder, ModelInfo, TextEncoder } from './encoder.ts';
import { type LocatedModel, type ModelLayout, modelInfo, readLayout } from './model-folder.ts';
import { partsOf } from './text-parts.ts';
import { cleanText, openTextTokens, type TextTokens } from './text-tokens.ts';
import { int64Row, openTower, pixelTensor, type Tower, type TowerOptions } from './tower.ts';
import { meanOf, toUnitLength } from './unit-length.ts';

/** Frees the tower's memory; the encoder can't be used afterwards. */
export type Closable = { close(): Promise<void> };

/** A model whose small files are read. Each of its towers is loaded by its own call. */
export type OpenModel = {
  readonly info: ModelInfo;
  openText(options?: TowerOptions): Promise<TextEncoder & Closable>;
  openImage(options?: TowerOptions): Promise<ImageEncoder & Closable>;
};

/**
 * Opens a model of this machine by its folder; works in the main thread and in workers alike. One text or
 * image a run: dynamic quantization scales over a whole batch, so batch-mates would change each other's
 * vectors.
 * @throws model_missing, model_corrupt, model_unsupported
 */
export async function openModel(model: LocatedModel): Promise<OpenModel> {
  const layout = await readLayout(model.folder);
  const info = modelInfo(model, layout);
  return {
    info,
    async openText(options) {
      const tokens = await openTextTokens(model.folder, layout);
      return textEncoder(info, tokens, await openTower(`${layout.type} text`, model.folder, options));
    },
    async openImage(options) {
      return imageEncoder(info, layout, await openTower(`${layout.type} vision`, model.folder, options));
    },
  };
}

function textEncoder(info: ModelInfo, tokens: TextTokens, tower: Tower): TextEncoder & Closable {
  const encodePart = async (ids: readonly number[]): Promise<Float32Array> => {
    const feeds = { input_ids: int64Row(ids), attention_mask: int64Row(ids.map(() => 1)) };
    return checkedUnit(await tower.run(feeds), info);
  };
  return {
    model: info,
    async encodeText(text) {
      const parts = [];
      for (const ids of idsOfParts(cleanText(text), tokens))
        parts.push({ vector: await encodePart(ids), weight: ids.length });
      return { vector: meanOf(parts), parts: parts.length };
    },
    close: () => tower.close(),
  };
}

/** Token ids of a clean text, in as many parts as the tower needs, cut where sentences end. */
function idsOfParts(text: string, tokens: TextTokens): (readonly number[])[] {
  const whole = tokens(text);
  if (whole.isWhole) return [whole.ids];
  return partsOf(text, part => tokens(part).isWhole).map(part => tokens(part).ids);
}

const imageEncoder = (info: ModelInfo, layout: ModelLayout, tower: Tower): ImageEncoder & Closable => {
  const normalize = normalizer(layout);
  const { edge } = layout.input;
  return {
    model: info,
    async encodePixels(pixels) {
      const feeds = { pixel_values: pixelTensor(normalize(pixels), edge) };
      return checkedUnit(await tower.run(feeds), info);
    },
    close: () => tower.close(),
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
