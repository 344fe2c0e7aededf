/** Conditional requests, RFC 9110 §13. */

/** What distinguishes one state of a file from another. */
export type Validators = {
  /** Strong, with its quotes. */
  readonly etag: string;
  /** Whole s since 1970, as HTTP dates have them. */
  readonly modified: number;
};

type Header = (name: string) => string | undefined;

export const validatorsOf = (info: { readonly etag: string; readonly modified: Date }): Validators => ({
  etag: `"${info.etag.replaceAll('"', '')}"`,
  modified: Math.floor(info.modified.getTime() / 1000),
});

/** Whether If-Match, or without it If-Unmodified-Since, lets the request through; else the response is 412. */
export function isExpected(header: Header, { etag, modified }: Validators): boolean {
  const match = header('If-Match');
  if (match !== undefined) return match.trim() === '*' || tagsOf(match).includes(etag);
  const since = secondsOf(header('If-Unmodified-Since'));
  return since === null || modified <= since;
}

/** Whether the client has it already, by If-None-Match (compared weakly), or without it If-Modified-Since. */
export function isKnown(header: Header, { etag, modified }: Validators): boolean {
  const match = header('If-None-Match');
  if (match !== undefined)
    return match.trim() === '*' || tagsOf(match).some(tag => tag.replace(/^W\//, '') === etag);
  const since = secondsOf(header('If-Modified-Since'));
  return since !== null && modified <= since;
}

/** Whether a part may be sent: If-Range is left out, or names this very state. */
export const rangeHolds = (ifRange: string | undefined, { etag, modified }: Validators): boolean =>
  ifRange === undefined || ifRange.trim() === etag || secondsOf(ifRange) === modified;

const tagsOf = (header: string): string[] => header.match(/(?:W\/)?"[^"]*"/g) ?? [];

/** An HTTP date in s since 1970; null where there is none, or something else. */
function secondsOf(header: string | undefined): number | null {
  if (!header || !/^[A-Z][a-z]+,? /.test(header.trim())) return null;
  const milliseconds = Date.parse(header);
  return Number.isNaN(milliseconds) ? null : Math.floor(milliseconds / 1000);
}
