import type { Command } from 'commander';
import { type Config, parseConfig } from '../../shared/config.ts';
import { pullReporter } from '../../shared/models/pull-report.ts';
import { createProgressLine, type ProgressLine } from '../../shared/progress.ts';
import type { Local } from '../local/compose.ts';
import { knownSources } from '../local/data-folder.ts';
import { indexReporter } from '../local/index-report.ts';
import { interruption } from '../local/interruption.ts';
import { openLog } from '../local/log.ts';

/** Options that every command takes which works on a folder. */
export type FolderOptions = {
  readonly folder?: string;
  readonly movedFrom?: string;
  readonly json?: boolean;
};

export const withFolderOptions = (command: Command): Command =>
  command
    .option('--folder <path>', 'folder of images (default: the one opened last)')
    .option('--moved-from <path>', 'where the folder was before; its index and annotations are kept')
    .option('--json', 'print JSON');

/** What a command works with; closed when it ends, however it ends. */
export type Session = {
  readonly config: Config;
  readonly local: Local;
  /** On stderr, so that stdout is the response alone. */
  readonly line: ProgressLine;
  /** Aborted by Ctrl-C and SIGTERM. */
  readonly signal: AbortSignal;
};

/**
 * Opens a folder for one command.
 * @throws what openLocal throws
 */
export async function withSession(
  { folder, movedFrom }: Pick<FolderOptions, 'folder' | 'movedFrom'>,
  work: (session: Session) => Promise<void>,
): Promise<void> {
  const config = parseConfig(process.env);
  const line = createProgressLine(process.stderr);
  const signal = interruption();
  // Runtimes of models and images take half a second to load: only for commands that need them.
  const { GALLERY, openLocal } = await import('../local/compose.ts');
  let local: Local | undefined;
  try {
    local = await openLocal({
      config,
      folder: folder ?? (await knownSources(config.dataFolder))[0] ?? GALLERY,
      movedFrom,
      log: openLog(config),
      onPull: pullReporter(line),
      onRowsRead: indexReporter(line),
      signal,
    });
    if (local.data.notice) line.print(local.data.notice);
    if (local.fallback) line.print(local.fallback.statement);
    if (local.damagedIndex) {
      line.print(
        `The index was damaged and is kept as ${local.damagedIndex}; \`npm start\` or \`npm run semblance -- index\` rebuilds it from your images.`,
      );
    }
    await work({ config, local, line, signal });
  } catch (error) {
    if (!signal.aborted) throw error;
  } finally {
    await local?.close();
  }
}

/** Prints a result: JSON with `--json`, else text. */
export function response(json: boolean | undefined, value: unknown, text: string): void {
  process.stdout.write(json ? `${JSON.stringify(value, null, 2)}\n` : text === '' ? '' : `${text}\n`);
}
