import { join } from 'node:path';
import { SemblanceError } from '../errors.ts';
import { type LocatedModel, MODEL_FILES } from './model-folder.ts';

/** A file of a model; what isn't known is locked on first use. */
export type ModelFile = {
  readonly path: (typeof MODEL_FILES)[number];
  readonly bytes: number | undefined;
  /** Lower-case hex. */
  readonly sha256: string | undefined;
};

/** A model that can be had, whether or not its files are on this machine. */
export type ModelRow = {
  /** Registry name, or `org/name@revision`. */
  readonly name: string;
  /** `org/name` on the hub. */
  readonly repository: string;
  /** A commit, or a branch that is locked on first use. */
  readonly revision: string;
  /** BCP 47 primary subtags; ['*'] = most. */
  readonly languages: readonly string[];
  /** Components of a vector; null while unknown. The model's own files decide. */
  readonly dimension: number | null;
  /** SPDX; null while unknown. */
  readonly licence: string | null;
  /** Bytes of all files; null while unknown. */
  readonly bytes: number | null;
  readonly files: readonly ModelFile[];
  readonly demo: boolean;
  /** What one should know before choosing it. */
  readonly note: string;
};

export const DEFAULT_MODEL = 'clip-vit-base-patch32';
export const DEMO_MODEL = 'demo';

const file = (path: ModelFile['path'], bytes?: number, sha256?: string): ModelFile => ({
  path,
  bytes,
  sha256,
});
const unpinnedFiles = MODEL_FILES.map(path => file(path));

type PinnedRow = Omit<ModelRow, 'bytes' | 'demo'> & { readonly approximateBytes?: number };

const row = ({ approximateBytes, ...rest }: PinnedRow): ModelRow => ({
  ...rest,
  bytes: approximateBytes ?? rest.files.reduce((sum, { bytes }) => sum + (bytes ?? 0), 0),
  demo: rest.name === DEMO_MODEL,
});

/** The files that OpenAI's CLIP models have in common. */
const CLIP_PREPROCESSOR = file(
  'preprocessor_config.json',
  520,
  '6f638fb9401a6d6296feff533ee7efe657b787c49f954f82f5906b36ef2a1b1f',
);
const CLIP_TOKENIZER_CONFIG = file(
  'tokenizer_config.json',
  775,
  '60ba2912bc6344c94bc16bbdec27fa1209409167b6f2fdf3cfe9e65462ea3967',
);

export const MODEL_ROWS: readonly ModelRow[] = [
  row({
    name: DEFAULT_MODEL,
    repository: 'Xenova/clip-vit-base-patch32',
    revision: 'd15189d7028b43f1d3e65039190477f6af591c2a',
    languages: ['en'],
    dimension: 512,
    licence: 'MIT',
    files: [
      file('config.json', 4_524, '493ef57ff783e42d1530c91b53469b7fdf8db8a9c1408e86998fcb7899a4f495'),
      CLIP_PREPROCESSOR,
      CLIP_TOKENIZER_CONFIG,
      file('tokenizer.json', 2_224_119, 'f7f3b7af117d467b58374797691a6438d3e6b9e9cef800dfd5dced7f697a90cd'),
      file(
        'onnx/text_model_quantized.onnx',
        64_504_507,
        '73baab855d406190da9faa498cfedf65f15cf309f4cc7385b7b032e6d08e5c3a',
      ),
      file(
        'onnx/vision_model_quantized.onnx',
        89_117_001,
        '583fd1110a514667812fee7d684952aaf82a99b959760c8d7dca7e0ab9839299',
      ),
    ],
    note: 'the default for your own images',
  }),
  row({
    name: 'clip-vit-base-patch16',
    repository: 'Xenova/clip-vit-base-patch16',
    revision: '342fdf2f67aded64d138ff074745fb4a5d2bba5f',
    languages: ['en'],
    dimension: 512,
    licence: 'MIT',
    files: [
      file('config.json', 4_523, '854ce4599422a24841d34a129de5b28c092f7175db3db4a23ad965c8fda87cf0'),
      CLIP_PREPROCESSOR,
      CLIP_TOKENIZER_CONFIG,
      file('tokenizer.json', 2_224_081, '72ed5c96db5729294468543e4bc75fce14ca63f58e37300290189ba1c1e52b85'),
      file(
        'onnx/text_model_quantized.onnx',
        64_504_507,
        '9106b51e6c663a56b99182ec617c2b3d53577b037e7e24a7717eb78048a0c97a',
      ),
      file(
        'onnx/vision_model_quantized.onnx',
        87_461_602,
        '44eece4fe5fe4e0359a88268a327adf758633a1aade3917690b952bef1501f96',
      ),
    ],
    note: 'finer detail, about four times the work per image',
  }),
  row({
    name: 'clip-vit-large-patch14',
    repository: 'Xenova/clip-vit-large-patch14',
    revision: 'c307790166907339eed5a9a53a249af534102536',
    languages: ['en'],
    dimension: 768,
    licence: 'MIT',
    files: unpinnedFiles,
    approximateBytes: 433_000_000,
    note: 'the most faithful CLIP here, many times the work per image',
  }),
  row({
    name: 'siglip2-base-patch16-224',
    repository: 'onnx-community/siglip2-base-patch16-224-ONNX',
    revision: 'ba1f3b0843f24bc5417d38e19c37b287d719b2f4',
    languages: ['*'],
    dimension: 768,
    licence: 'Apache-2.0',
    files: [
      file('config.json', 435, 'e43a9f7692d3819886a82cb2097048258d444f123c67d37ec825f9345b019cf2'),
      file(
        'preprocessor_config.json',
        394,
        '9b36b57ebaf20f09bf4c22100ccc21877ea6bfe5aead0c00c59f8af8ccefacfc',
      ),
      file(
        'tokenizer_config.json',
        47_240,
        '7c3a247599e741bceba1a3fe0285aea88d1044dc1fad2caa1e48cdd9fd25f630',
      ),
      file('tokenizer.json', 34_363_039, 'cb9140fae3ac5122c972d37adf83e1248471a38147ad76f8215c8872c6fd8322'),
      file('onnx/text_model_quantized.onnx'),
      file(
        'onnx/vision_model_quantized.onnx',
        94_553_333,
        '5f2b401c1a4fc095702a5d45348e17ad46c4f87064085365b43c6e8eaa5c0070',
      ),
    ],
    approximateBytes: 412_000_000,
    note: 'multilingual (over 100 languages, Chinese among them); not run here',
  }),
  row({
    name: DEMO_MODEL,
    repository: DEMO_MODEL,
    revision: '1',
    languages: ['en', 'zh', 'ja', 'de', 'fr', 'es'],
    dimension: 256,
    licence: 'MIT',
    files: [
      file('config.json', 496, '90ccc731d63ce04b93f27e5f6cd0cdd1bf354aa4f05da0d0753bacd2a683afa2'),
      file(
        'preprocessor_config.json',
        428,
        'be16be0dd58e1383cff054c6deb7ba1f296e5053fb5ada1b5ff525d5c292b741',
      ),
      file('tokenizer_config.json', 214, 'e410ac35bbe6309b6af372007d0848f29be0e1f2646f8a53d508989c902b916d'),
      file('tokenizer.json', 375_715, '2305be7335d6cca120eecb10d284f40400f587b1852f3f0706ef3fe063694d32'),
      file(
        'onnx/text_model_quantized.onnx',
        4_352_858,
        '193f672ca1169d08d4f03015616a177870700d73cbb74ef75b0868a757ad124e',
      ),
      file(
        'onnx/vision_model_quantized.onnx',
        3_100_305,
        'c5857db7fd7b7f991cddefc0b2adf0079507a1fd76496d161c49f06280e8c32e',
      ),
    ],
    note: 'bundled; knows drawn emoji only, no photographs',
  }),
];

const HUB_NAME = /^([\w.-]+\/[\w.-]+)(?:@([\w./-]+))?$/;

/**
 * The row of a registry name, `demo`, or any `org/name[@revision]` of the hub; undefined: the default.
 * @throws unknown_model
 */
export function resolveModel(name: string = DEFAULT_MODEL): ModelRow {
  const known = MODEL_ROWS.find(entry => entry.name === name);
  if (known) return known;
  const [, repository, revision] = HUB_NAME.exec(name) ?? [];
  if (repository === undefined || name.split(/[/@]/).some(part => /^\.*$/.test(part))) {
    throw new SemblanceError('unknown_model', `There is no model named ${name}`);
  }
  const pinned = MODEL_ROWS.find(
    entry => entry.repository === repository && (revision ?? entry.revision) === entry.revision,
  );
  if (pinned) return pinned;
  return {
    name: `${repository}@${revision ?? 'main'}`,
    repository,
    revision: revision ?? 'main',
    languages: ['*'],
    dimension: null,
    licence: null,
    bytes: null,
    files: unpinnedFiles,
    demo: false,
    note: 'of your choosing; its files are locked on first use',
  };
}

/** The bundled demo model, which needs no download. */
export function demoModel(): LocatedModel {
  const { name, repository, revision, languages, demo } = resolveModel(DEMO_MODEL);
  const folder = join(import.meta.dirname, '../../models/demo-clip');
  return { name, repository, revision, languages, demo, folder };
}
