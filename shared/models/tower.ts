import { access } from 'node:fs/promises';
import { join } from 'node:path';
import {
  AutoTokenizer,
  BertModel,
  CLIPTextModelWithProjection,
  CLIPVisionModelWithProjection,
  env,
  type PreTrainedTokenizer,
  SiglipTextModel,
  SiglipVisionModel,
  Tensor,
} from '@huggingface/transformers';
import { SemblanceError } from '../errors.ts';
import { WEIGHTS_APART } from './session-options.ts';
import { DTYPE, TEXT_TOWER, VISION_TOWER, WORDS_TOWER } from './tower-files.ts';

/*
 * The only file that knows transformers.js. What it opens are folders that were verified before: it must
 * neither ask the hub nor keep a cache of its own.
 */
env.allowRemoteModels = false;
env.useFSCache = false;
/*
 * Without a cache that names the graph's path it streams the whole file into memory, and then hands onnxruntime
 * the path all the same: 65 and 89 MB of B/32, held until they are collected. The cache is looked up by the local
 * path and by the remote address, which is made the same here (with a '/' before a drive's letter).
 */
env.remoteHost = '';
env.remotePathTemplate = '{model}';
env.useCustomCache = true;
env.customCache = {
  match: async path => (path.endsWith('.onnx') ? path.replace(/^\/(?=[a-z]:)/i, '') : undefined),
  put: async () => {},
};

/** Each kind of tower: its class in transformers.js, its file, and the output that is the embedding. */
const TOWERS = {
  'clip text': { model: CLIPTextModelWithProjection, file: TEXT_TOWER, output: 'text_embeds' },
  'clip vision': { model: CLIPVisionModelWithProjection, file: VISION_TOWER, output: 'image_embeds' },
  'siglip text': { model: SiglipTextModel, file: TEXT_TOWER, output: 'pooler_output' },
  'siglip vision': { model: SiglipVisionModel, file: VISION_TOWER, output: 'pooler_output' },
  bert: { model: BertModel, file: WORDS_TOWER, output: 'sentence_embedding' },
} as const;

export type TowerKind = keyof typeof TOWERS;

export type TowerOptions = {
  /** Threads inside one run; 1 in workers, which are parallel already. Undefined: the machine's cores. */
  readonly threads?: number | undefined;
};

/** A loaded graph: one item a run. */
export type Tower = {
  /**
   * The floats of the tower's embedding, as the graph gives them.
   * @throws model_unsupported when the graph takes or gives something else
   */
  run(feeds: Record<string, Tensor>): Promise<Float32Array>;
  /** Frees its memory; it can't be used afterwards. */
  close(): Promise<void>;
};

/**
 * Opens a tower for the CPU. Loading blocks the calling thread (about 0.2 s for 64 MB), and so does every run:
 * threads that must respond quickly leave them to other threads or processes.
 * @throws model_missing or model_corrupt when the file can't be loaded
 */
export async function openTower(
  kind: TowerKind,
  folder: string,
  { threads }: TowerOptions = {},
): Promise<Tower> {
  const { model, file, output } = TOWERS[kind];
  await assertPresent(join(folder, file));
  const opened = await model
    .from_pretrained(folder, {
      dtype: DTYPE,
      device: 'cpu',
      local_files_only: true,
      session_options: {
        graphOptimizationLevel: 'all',
        executionMode: 'sequential',
        ...(threads === undefined ? {} : { intraOpNumThreads: threads }),
        interOpNumThreads: 1,
        // Idle threads sleep: spinning doubles the CPU time of a run on two cores for no shorter one.
        extra: { session: { intra_op: { allow_spinning: '0' }, ...WEIGHTS_APART } },
      },
    })
    .catch((cause: unknown) => {
      throw new SemblanceError('model_corrupt', `${join(folder, file)} could not be loaded`, { cause });
    });
  return {
    async run(feeds) {
      const outputs = await opened(feeds).catch((cause: unknown) => {
        throw new SemblanceError('model_unsupported', `${file} takes other inputs than a ${kind} model`, {
          cause,
        });
      });
      const data: unknown = outputs[output]?.data;
      if (data instanceof Float32Array) return data;
      throw new SemblanceError('model_unsupported', `${file} gives no ${output} of 32-bit floats`);
    },
    close: async () => void (await opened.dispose()),
  };
}

/**
 * Reads a model's tokenizer.
 * @throws model_missing, model_unsupported
 */
export async function openTokenizer(folder: string): Promise<PreTrainedTokenizer> {
  for (const file of ['tokenizer.json', 'tokenizer_config.json']) await assertPresent(join(folder, file));
  return AutoTokenizer.from_pretrained(folder, { local_files_only: true }).catch((cause: unknown) => {
    throw new SemblanceError('model_unsupported', `The tokenizer in ${folder} can't be read`, { cause });
  });
}

async function assertPresent(file: string): Promise<void> {
  await access(file).catch((cause: unknown) => {
    throw new SemblanceError('model_missing', `${file} could not be read`, { cause });
  });
}

/** Token ids or a mask as a tensor of one row. */
export const int64Row = (values: readonly number[]): Tensor =>
  new Tensor('int64', BigInt64Array.from(values, BigInt), [1, values.length]);

/** Planes of floats as the image that a vision tower takes, of edge × edge px. */
export const pixelTensor = (planes: Float32Array, edge: number): Tensor =>
  new Tensor('float32', planes, [1, 3, edge, edge]);
