import { appendFileSync, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Config } from '../../shared/config.ts';
import type { Log } from '../../shared/log.ts';
import { logFile } from './data-folder.ts';

const LEVELS = ['debug', 'info', 'warn', 'error'] as const;

/**
 * JSON lines: on stderr, or where that is a terminal in semblance.log of the data folder, so that what a person
 * reads there is not buried.
 */
export function openLog(
  { logLevel, dataFolder }: Pick<Config, 'logLevel' | 'dataFolder'>,
  terminal = process.stderr.isTTY === true,
): Log {
  const write = terminal ? fileWriter(logFile(dataFolder)) : (line: string) => process.stderr.write(line);
  const threshold = LEVELS.indexOf(logLevel);
  const at =
    (level: (typeof LEVELS)[number]) =>
    (message: string, fields: Record<string, unknown> = {}) => {
      if (LEVELS.indexOf(level) < threshold) return;
      write(`${JSON.stringify({ time: new Date().toISOString(), level, message, ...plain(fields) })}\n`);
    };
  return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
}

/** Errors have no enumerable fields of their own. */
const plain = (fields: Record<string, unknown>): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [
      name,
      value instanceof Error
        ? { ...value, name: value.name, message: value.message, stack: value.stack }
        : value,
    ]),
  );

function fileWriter(file: string) {
  let warned = false;
  return (line: string): void => {
    try {
      mkdirSync(dirname(file), { recursive: true });
      appendFileSync(file, line);
    } catch (error) {
      // A full disk must not stop the search. It is reported once, above the progress bar, where the user sees it.
      if (warned) return;
      warned = true;
      process.stderr.write(
        `\r\x1b[KThe log can't be written: ${error instanceof Error ? error.message : error}\n`,
      );
    }
  };
}
