import { SemblanceError } from '../../shared/errors.ts';

/** Exit codes of the programs: 2 where the caller's words or settings are wrong, 1 for everything else. */
const EXIT_CODES: Partial<Record<string, number>> = {
  bad_configuration: 2,
  unknown_model: 2,
  invalid_request: 2,
  invalid_arguments: 2,
  folder_missing: 2,
  empty_query: 2,
};

/** What went wrong and what to do, as two sentences in one line. */
export const withAdvice = ({ message, advice }: Pick<SemblanceError, 'message' | 'advice'>): string =>
  `${message.replaceAll(/\s*\n\s*/g, ' ').replace(/\.?$/, '.')} ${advice}`;

export const failureText = (error: SemblanceError): string => `semblance: ${withAdvice(error)}`;

/** Says what went wrong and what to do, in one line on stderr, and gives the exit code. */
export function reportFailure(
  error: unknown,
  stream: { write(text: string): unknown } = process.stderr,
): number {
  if (error instanceof SemblanceError) {
    stream.write(`${failureText(error)}\n`);
    return EXIT_CODES[error.code] ?? 1;
  }
  stream.write(`semblance: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  return 1;
}
