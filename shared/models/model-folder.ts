import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { SemblanceError } from '../errors.ts';
import type { ModelInfo, PixelSpec } from './encoder.ts';
import { DTYPE, TEXT_TOWER, VISION_TOWER } from './tower-files.ts';

/** Raise it whenever shared/images, the tokenizer or the pooling changes what vectors come out. */
const PREPROCESSING_VERSION = 1;

export const CONFIG_FILE = 'config.json';
const PREPROCESSOR_FILE = 'preprocessor_config.json';
export const TOKENIZER_FILE = 'tokenizer.json';
const TOKENIZER_CONFIG_FILE = 'tokenizer_config.json';

/** Every file of a model, small ones first. */
export const MODEL_FILES = [
  CONFIG_FILE,
  PREPROCESSOR_FILE,
  TOKENIZER_CONFIG_FILE,
  TOKENIZER_FILE,
  TEXT_TOWER,
  VISION_TOWER,
] as const;

/** A model whose files are on this machine. Plain data, so that it can be handed to a worker thread. */
export const locatedModelSchema = z
  .object({
    /** Registry name or `org/name@revision`. */
    name: z.string(),
    /** `org/name` on the hub, or the registry name of the bundled one. */
    repository: z.string(),
    /** Commit of the hub, or a digest of the files where no commit is pinned. */
    revision: z.string(),
    languages: z.array(z.string()).readonly(),
    demo: z.boolean(),
    /** Holds the files in the layout of transformers.js. */
    folder: z.string(),
  })
  .readonly();
export type LocatedModel = z.output<typeof locatedModelSchema>;

/** What a model folder's own files say of it, beyond ModelInfo. */
export type ModelLayout = {
  readonly type: 'clip' | 'siglip';
  /** Components of a vector. */
  readonly dimension: number;
  /** Tokens that the text tower takes at the most. */
  readonly maxTokens: number;
  readonly input: PixelSpec;
  /** A channel's value is (level × rescale − mean) / std, level 0–255. */
  readonly rescale: number;
  readonly mean: readonly [number, number, number];
  readonly std: readonly [number, number, number];
};

const configSchema = z.looseObject({
  model_type: z.string(),
  projection_dim: z.number().int().positive().optional(),
  text_config: z
    .looseObject({
      max_position_embeddings: z.number().int().positive().optional(),
      hidden_size: z.number().int().positive().optional(),
      projection_size: z.number().int().positive().optional(),
    })
    .default({}),
});

const edge = z.number().int().min(16).max(4096);
const sizeSchema = z.union([
  edge.transform(shortest => ({ shortest, square: shortest })),
  z.object({ shortest_edge: edge }).transform(size => ({ shortest: size.shortest_edge, square: undefined })),
  z
    .object({ height: edge, width: edge })
    .refine(size => size.height === size.width, 'must be square')
    .transform(size => ({ shortest: undefined, square: size.height })),
]);

const channels = z.tuple([z.number(), z.number(), z.number()]);

const preprocessorSchema = z.looseObject({
  size: sizeSchema,
  crop_size: sizeSchema.optional(),
  do_center_crop: z.boolean().nullish(),
  resample: z.union([z.literal(2), z.literal(3)]),
  rescale_factor: z
    .number()
    .positive()
    .default(1 / 255),
  image_mean: channels,
  image_std: channels,
});

/**
 * Reads what the model's own files say: type, dimension, limits, how pixels are prepared.
 * @throws model_missing when a file isn't there; model_unsupported for another type or layout
 */
export async function readLayout(folder: string): Promise<ModelLayout> {
  const config = parseLayoutFile(configSchema, CONFIG_FILE, await readModelJson(folder, CONFIG_FILE));
  const type = modelType(config.model_type);
  const preprocessor = parseLayoutFile(
    preprocessorSchema,
    PREPROCESSOR_FILE,
    await readModelJson(folder, PREPROCESSOR_FILE),
  );
  return {
    type,
    // What the files leave out is the default of transformers' CLIPConfig and SiglipTextConfig.
    dimension:
      type === 'clip'
        ? (config.projection_dim ?? 512)
        : (config.text_config.projection_size ?? config.text_config.hidden_size ?? 768),
    maxTokens: config.text_config.max_position_embeddings ?? (type === 'clip' ? 77 : 64),
    input: pixelSpec(preprocessor),
    rescale: preprocessor.rescale_factor,
    mean: preprocessor.image_mean,
    std: preprocessor.image_std,
  };
}

/**
 * The type that a config.json names.
 * @throws model_unsupported
 */
export function modelType(type: string): 'clip' | 'siglip' {
  if (type === 'clip' || type === 'siglip') return type;
  throw new SemblanceError('model_unsupported', `This model is of type ${type}`);
}

/** What others see of a located model. */
export const modelInfo = (model: LocatedModel, layout: ModelLayout): ModelInfo => ({
  name: model.name,
  fingerprint: fingerprint(model),
  dimension: layout.dimension,
  languages: model.languages,
  demo: model.demo,
  input: layout.input,
});

/**
 * Reads what others see of a model; its towers are not loaded.
 * @throws model_missing, model_corrupt, model_unsupported
 */
export const readModelInfo = async (model: LocatedModel): Promise<ModelInfo> =>
  modelInfo(model, await readLayout(model.folder));

/** 12 hex digits of the SHA-256 of repository, revision, dtype and preprocessing version. */
export const fingerprint = (model: Pick<LocatedModel, 'repository' | 'revision'>): string =>
  createHash('sha256')
    .update(JSON.stringify([model.repository, model.revision, DTYPE, PREPROCESSING_VERSION]))
    .digest('hex')
    .slice(0, 12);

/**
 * A JSON file of a model folder.
 * @throws model_missing, model_corrupt
 */
export async function readModelJson(folder: string, file: string): Promise<unknown> {
  const text = await readFile(join(folder, file), 'utf8').catch((cause: unknown) => {
    throw new SemblanceError('model_missing', `${join(folder, file)} could not be read`, { cause });
  });
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new SemblanceError('model_corrupt', `${join(folder, file)} is not JSON`, { cause });
  }
}

/** @throws model_unsupported that names the field */
export function parseLayoutFile<Schema extends z.ZodType>(
  schema: Schema,
  file: string,
  json: unknown,
): z.output<Schema> {
  const parsed = schema.safeParse(json);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw new SemblanceError(
    'model_unsupported',
    `${file}: ${issue?.path.join('.') || 'content'}: ${issue?.message ?? 'invalid'}`,
  );
}

function pixelSpec(preprocessor: z.output<typeof preprocessorSchema>): PixelSpec {
  const resample = preprocessor.resample === 3 ? 'bicubic' : 'bilinear';
  const { size } = preprocessor;
  if (preprocessor.do_center_crop) {
    const crop = (preprocessor.crop_size ?? size).square;
    if (crop !== undefined && (size.shortest ?? size.square) === crop) {
      return { edge: crop, fit: 'crop', resample };
    }
  } else if (size.square !== undefined) {
    return { edge: size.square, fit: 'fill', resample };
  }
  throw new SemblanceError(
    'model_unsupported',
    `${PREPROCESSOR_FILE}: only a resize to one edge with a centre crop of it, or to a square, is supported`,
  );
}
