/**
 * What the page may do: run its own scripts, styles and workers, call its own origin, show images from where the
 * library keeps them (signed URLs, or the url that an image came with), send uploads to a bucket. This file imports
 * nothing, so that the page's build and the stacks can use it too.
 */
export const PAGE_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "worker-src 'self'",
  "manifest-src 'self'",
  "img-src 'self' data: blob: http: https:",
  "connect-src 'self' https:",
  "base-uri 'none'",
  "form-action 'none'",
].join('; ');

/** The same as a response header, which can also forbid that another site frames the page (CSP 3, §6.4.2). */
export const PAGE_POLICY_HEADER = `${PAGE_POLICY}; frame-ancestors 'none'`;
