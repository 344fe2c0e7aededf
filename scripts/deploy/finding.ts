/** What one check of the preflight found. A problem stops the deploy; a warning is only printed. */
export type Finding =
  | { readonly type: 'good'; readonly detail: string }
  | { readonly type: 'warning' | 'problem'; readonly detail: string; readonly remedy: string };

export const good = (detail: string): Finding => ({ type: 'good', detail });
export const problem = (detail: string, remedy: string): Finding => ({ type: 'problem', detail, remedy });
export const warning = (detail: string, remedy: string): Finding => ({ type: 'warning', detail, remedy });

/** A check by its name; it never throws. */
export type Check = { readonly name: string; readonly finding: Finding };

const SIGNS = { good: '  ok  ', warning: ' warn ', problem: ' STOP ' } as const;

/** One line a check, and below it, where something is to be done, what. */
export function formatChecks(checks: readonly Check[]): string {
  const width = Math.max(...checks.map(({ name }) => name.length));
  return checks
    .flatMap(({ name, finding }) => [
      `${SIGNS[finding.type]} ${name.padEnd(width)}  ${finding.detail}`,
      ...(finding.type === 'good' ? [] : [`${' '.repeat(width + 9)}→ ${finding.remedy}`]),
    ])
    .join('\n');
}
