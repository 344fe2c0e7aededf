import type { Command } from 'commander';
import { z } from 'zod';
import type { Config } from '../../../shared/config.ts';
import { SemblanceError } from '../../../shared/errors.ts';
import { createReconcile } from '../../../shared/indexing/reconcile.ts';
import { type ImportReport, importImages } from '../../../shared/neko/import-images.ts';
import { assertSameModel, keepVectors } from '../../../shared/neko/kept-vectors.ts';
import { OLD_COLLECTION, openOldGallery } from '../../../shared/neko/old-gallery.ts';
import { openFolderStore } from '../../../shared/objects/folder-store.ts';
import { counted, progressBar } from '../../../shared/progress.ts';
import type { Local } from '../../local/compose.ts';
import { drain } from '../drain.ts';
import { type FolderOptions, response, type Session, withFolderOptions, withSession } from '../session.ts';

const HELP = `
Ids, stars, categories, comments and files are imported, and everything is indexed here again. The old server is
only read. With --fetch this machine asks every address that the old server names for its images; those of
your own network are rejected unless --fetch-private is given. Interrupted, the same command goes on; what is here already stays as it is. See docs/import.md.

Examples:
  npm run semblance -- import --folder ~/Pictures --qdrant http://localhost:6333 --storage ~/neko/static --dry-run
  npm run semblance -- import --folder ~/Pictures --qdrant http://localhost:6333 --storage ~/neko/static
  npm run semblance -- import --qdrant https://x.cloud.qdrant.io --api-key-env OLD_QDRANT_KEY --storage ./static
  npm run semblance -- import --qdrant http://localhost:6333 --storage ./static --fetch`;

type ImportCommandOptions = FolderOptions & {
  readonly qdrant: string;
  readonly storage: string;
  readonly collection: string;
  readonly apiKeyEnv?: string;
  readonly fetch?: boolean;
  readonly fetchPrivate?: boolean;
  readonly keepVectors?: boolean;
  readonly dryRun?: boolean;
};

export const addImport = (program: Command): void => {
  withFolderOptions(program.command('import'))
    .description('bring the images of a NekoImageGallery here')
    .requiredOption('--qdrant <url>', "that server's Qdrant")
    .requiredOption('--storage <folder>', 'its static folder, or a copy of it')
    .option('--collection <name>', 'its collection', OLD_COLLECTION)
    .option('--api-key-env <name>', "the variable that holds its Qdrant's key")
    .option('--fetch', 'download images that it kept by url alone, from the addresses it names')
    .option('--fetch-private', 'also from addresses of your own network, which --fetch alone rejects')
    .option('--keep-vectors', 'take its vectors over where they are of the model that runs here')
    .option('--dry-run', 'only print what would be imported')
    .addHelpText('after', HELP)
    .action(async (options: ImportCommandOptions) => {
      const gallery = openOldGallery({
        url: webAddress(options.qdrant),
        apiKey: options.apiKeyEnv === undefined ? undefined : secretOf(options.apiKeyEnv),
        collection: options.collection,
      });
      const total = await gallery.count();
      const storage = await openFolderStore(options.storage, { readOnly: true });
      await withSession(options, async session => {
        const { config, local, line, signal } = session;
        assertRealModel(config, local);
        const source = { gallery, storage, maxBytes: config.maxBytes };
        if (options.keepVectors) await assertSameModel(source, local.reader, local.model);
        if ((options.fetch || options.fetchPrivate) && !options.dryRun)
          line.print(
            'Images known by url alone are downloaded from the addresses that the old server names.',
          );
        const kept = options.keepVectors ? keepVectors(local.reader, gallery) : null;
        const report = await importImages(
          { ...local.sweepDeps, temporaryFolder: local.data.receiving },
          {
            ...source,
            fetch: options.fetch === true || options.fetchPrivate === true,
            fetchPrivate: options.fetchPrivate === true,
            dryRun: options.dryRun === true,
            onProgress: done => line.update(`Importing: ${progressBar(done / total)} ${done} of ${total}`),
            ...(kept ? { onStored: kept.remember } : {}),
            signal,
          },
        ).finally(() => {
          line.end('');
          if (signal.aborted) line.print('Interrupted; the same command goes on from here.');
        });
        const indexing = kept ? readingBy(kept.reader, session) : session;
        const { failed } = options.dryRun ? { failed: 0 } : await drain(indexing);
        if (report.problems.length > 0) process.exitCode ??= 1;
        const text = sentences(report, options.dryRun === true, failed);
        response(options.json, { folder: local.data.source, ...report, failed }, text);
      });
    });
};

/** The session with another reader of images. */
function readingBy(reader: Local['reader'], session: Session): Session {
  const { config, local } = session;
  const reconcile = createReconcile({
    ...local.sweepDeps,
    reader,
    maxBytes: config.maxBytes,
    ocr: config.ocr,
    wordsLater: key => local.queue.send([key], { turn: 'words' }),
  });
  return { ...session, local: { ...local, reader, reconcile } };
}

function webAddress(url: string): string {
  if (z.url({ protocol: /^https?$/ }).safeParse(url).success) return url;
  throw new SemblanceError('invalid_arguments', `--qdrant ${url} is not an http or https URL`);
}

function secretOf(name: string): string {
  const secret = process.env[name];
  if (secret) return secret;
  throw new SemblanceError('invalid_arguments', `--api-key-env: the variable ${name} is not set`);
}

/** A model of drawn emoji does not find photographs, so it is only used where it is named explicitly. */
function assertRealModel(config: Config, { model, fallback }: Local): void {
  if (!model.demo || config.model !== undefined) return;
  throw new SemblanceError(
    'invalid_arguments',
    fallback
      ? 'The model for your own images could not be fetched; run `models pull` first'
      : 'The demo gallery takes no other images; name a folder by --folder, which may be empty',
  );
}

const MOST_PROBLEMS_SHOWN = 20;

function sentences(report: ImportReport, dryRun: boolean, failed: number): string {
  const { imported, present, deleted, remote, changed, problems } = report;
  const lines = [
    `${counted(imported, 'image')} ${dryRun ? 'would be imported' : 'imported'}, ${present} were here already.`,
  ];
  if (deleted > 0) lines.push(`${deleted} were imported once and deleted here since; they stay deleted.`);
  if (remote > 0)
    lines.push(
      `${remote} are known by url alone; --fetch asks the addresses that the old server names for them.`,
    );
  if (changed.length > 0)
    lines.push(`${changed.length} have another file than was indexed there: ${some(changed).join(', ')}.`);
  if (failed > 0) lines.push(`${failed} can't be indexed: see \`failures\`.`);
  if (problems.length > 0) {
    lines.push(`${problems.length} could not be imported:`);
    lines.push(...some(problems.map(({ id, message, advice }) => `  ${id}: ${message}. ${advice}`)));
  }
  return lines.join('\n');
}

/** The first few, and how many more there are. */
const some = (texts: readonly string[]): string[] =>
  texts.length <= MOST_PROBLEMS_SHOWN
    ? [...texts]
    : [...texts.slice(0, MOST_PROBLEMS_SHOWN), `… and ${texts.length - MOST_PROBLEMS_SHOWN} more (--json)`];
