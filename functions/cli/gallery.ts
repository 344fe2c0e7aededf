import { join, relative, resolve, sep } from 'node:path';
import type { Command } from 'commander';
import { idOfKey, parseOwnKey } from '../../shared/catalog/ids.ts';
import type { Config } from '../../shared/config.ts';
import { SemblanceError } from '../../shared/errors.ts';
import type { Library } from '../../shared/indexing/library.ts';
import type { SweepDeps } from '../../shared/indexing/sweep-options.ts';
import { pullReporter } from '../../shared/models/pull-report.ts';
import { createProgressLine, type ProgressLine } from '../../shared/progress.ts';
import type { SearchPorts } from '../../shared/search/search.ts';
import type { VectorIndex } from '../../shared/vectors/vector-index.ts';
import { interruption } from '../local/interruption.ts';
import { openLog } from '../local/log.ts';
import { drain } from './drain.ts';
import { type FolderOptions, type Session, withFolderOptions, withSession } from './session.ts';
import { configOf } from './stage.ts';

/** Options of commands that work on a folder, or on a stage on AWS. */
export type GalleryOptions = FolderOptions & { readonly stage?: string };

export const withGalleryOptions = (command: Command): Command =>
  withFolderOptions(command).option(
    '--stage <name>',
    'a stage on AWS, with the credentials of this machine (default: the one that SEMBLANCE_BUCKET and the other variables name, if they do)',
  );

/** The images that a command works on, in a folder here or in a stage's bucket. */
export type Gallery = {
  /** The name that messages show. */
  readonly name: string;
  readonly library: Library;
  readonly index: VectorIndex;
  readonly sweepDeps: SweepDeps;
  /** Whether words in images are read. */
  readonly readsWords: boolean;
  /** Loads what embeds queries. */
  search(): Promise<SearchPorts>;
  /** Where the file of a key is. */
  fileOf(key: string): string;
  /** The id of a file of the folder; null where it is in none. */
  idOfFile(file: string): string | null;
  /** Works the queue off, here; null where the stage's functions do. */
  settle(): Promise<{ failed: number } | null>;
  readonly line: ProgressLine;
  readonly signal: AbortSignal;
};

/**
 * Opens the gallery that a command names, and closes it when it ends, however it ends.
 * @throws what openLocal and openStage throw
 */
export async function withGallery(
  options: GalleryOptions,
  work: (gallery: Gallery) => Promise<void>,
): Promise<void> {
  const { config, isStage } = await configOf(options, process.env);
  if (isStage) return withStage(config, options.stage, work);
  await withSession(options, session => work(localGallery(session)));
}

function localGallery(session: Session): Gallery {
  const { local, line, signal } = session;
  const { data, library, index, sweepDeps } = local;
  return {
    name: data.source,
    library,
    index,
    sweepDeps,
    readsWords: local.ocrText !== null,
    search: async () => local.search,
    fileOf: key => join(parseOwnKey(key) ? data.originals : data.source, key),
    idOfFile: file => idOfKey(relative(data.source, resolve(file)).split(sep).join('/'), data.namespace),
    settle: () => drain(session),
    line,
    signal,
  };
}

async function withStage(
  config: Config,
  stage: string | undefined,
  work: (gallery: Gallery) => Promise<void>,
): Promise<void> {
  const line = createProgressLine(process.stderr);
  const signal = interruption();
  const log = openLog(config);
  // The SDK's clients take a while to load: only for commands that need them.
  const { bundledWords, modelOfStage, openSearchPorts } = await import('./stage-model.ts');
  const { openStage } = await import('../compose-cloud.ts');
  const parts = openStage(config, modelOfStage(config), await bundledWords(), log);
  const { places, library, index } = parts;
  const closing: (() => Promise<void>)[] = [];
  const name = stage === undefined ? `s3://${places.originals.bucket}` : `stage ${stage}`;
  try {
    await work({
      name,
      library,
      index,
      sweepDeps: { ...parts, log },
      readsWords: config.ocr,
      async search() {
        const opened = await openSearchPorts(config, index, { log, onPull: pullReporter(line), signal });
        closing.push(opened.close);
        return opened.ports;
      },
      fileOf(key) {
        const { bucket, prefix } = parseOwnKey(key) ? places.uploads : places.originals;
        return `s3://${bucket}/${prefix}${key}`;
      },
      idOfFile: () => null,
      settle: async () => null,
      line,
      signal,
    });
  } catch (error) {
    if (!signal.aborted) throw error;
  } finally {
    for (const close of closing) await close();
    await index.close();
    parts.s3.destroy();
  }
}

/** @throws bad_configuration while OCR is off */
export function assertReadsWords({ readsWords }: Gallery): void {
  if (!readsWords) throw new SemblanceError('bad_configuration', 'SEMBLANCE_OCR is off: no words are read');
}
