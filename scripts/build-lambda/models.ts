import { copyFile, mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { SemblanceError } from '../../shared/errors.ts';
import { digestFile } from '../../shared/models/download.ts';
import { locateModel, modelFolder, readLock, writeLock } from '../../shared/models/model-cache.ts';
import { MODEL_FILES } from '../../shared/models/model-folder.ts';
import { type ModelRow, resolveModel } from '../../shared/models/registry.ts';
import { OCR_FILES, OCR_MODEL } from '../../shared/ocr/ocr-models.ts';
import { WORDS_MODEL } from '../../shared/ocr/words-model.ts';

const ROOT = join(import.meta.dirname, '..', '..');

/** File name → SHA-256. */
type Digests = Readonly<Record<string, string | undefined>>;

/** The encoder of the words in images, from the repository. */
const WORDS_FILES: Digests = {
  'config.json': 'edd5488f37d015558234a07946abfeb579756de380c0884a3645f7a357b9005a',
  'tokenizer.json': 'af507b130fe07cbb11707ddbb6801e0ae3a6d2b3eb24dc3072562f1c9d53f8c5',
  'tokenizer_config.json': 'edd663025ea9214dc135fe80f39b3b5092c731689ba958c1d0b20af227627f30',
  'onnx/model_quantized.onnx': '786d456143699c762f3c65fd441ae2810c20677ffa24cdf1bcb6f67a619e9dff',
};

/**
 * Lays the model layer: the models by which images are found, and those that read and embed the words in them. Every
 * file is verified by its SHA-256.
 * @param names registry names, `demo`, or `org/name[@revision]`
 * @param cacheFolder where `models pull` puts models
 * @returns the names that the functions are configured with
 * @throws unknown_model, model_missing, model_corrupt
 */
export async function layModels(
  names: readonly string[],
  cacheFolder: string,
  target: string,
): Promise<string[]> {
  const rows = names.map(name => resolveModel(name));
  for (const row of rows) await layModel(row, cacheFolder, target);
  await copyVerified(join(ROOT, 'models', WORDS_MODEL), join(target, WORDS_MODEL), WORDS_FILES);
  await copyVerified(join(ROOT, 'models', OCR_MODEL), join(target, OCR_MODEL), OCR_FILES);
  return rows.map(row => row.name);
}

async function layModel(row: ModelRow, cacheFolder: string, target: string): Promise<void> {
  const model = await locateModel(row, cacheFolder);
  if (!model) {
    const fix = `\`npm run semblance -- models pull ${row.name}\``;
    throw new SemblanceError('model_missing', `${row.name} is not on this machine: ${fix} fetches it`);
  }
  const pinned = Object.fromEntries(row.files.map(({ path, sha256 }) => [path, sha256]));
  if (row.demo) return copyVerified(model.folder, join(target, 'demo-clip'), pinned);
  const lock = await readLock(row, model.folder);
  const folder = modelFolder(row, target);
  await copyVerified(
    model.folder,
    folder,
    Object.fromEntries(MODEL_FILES.map(path => [path, pinned[path] ?? lock.files[path]?.sha256])),
  );
  await writeLock(folder, lock);
}

async function copyVerified(from: string, to: string, files: Digests): Promise<void> {
  for (const [path, expected] of Object.entries(files)) {
    const copy = join(to, path);
    await mkdir(dirname(copy), { recursive: true });
    await copyFile(join(from, path), copy);
    const { sha256 } = await digestFile(copy);
    if (sha256 === expected) continue;
    throw new SemblanceError('model_corrupt', `${join(from, path)} has SHA-256 ${sha256}, not ${expected}`);
  }
}
