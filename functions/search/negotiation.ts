/**
 * Whether a client would rather have HTML than JSON: it names text/html, and nothing that covers JSON ranks as
 * high (RFC 9110 §12.5.1). Browsers do; axios, curl and a bare wildcard don't.
 */
export function prefersHtml(header: string | undefined): boolean {
  const ranges = (header ?? '').split(',').map(part => {
    const [type = '', ...parameters] = part.split(';').map(text => text.trim().toLowerCase());
    const q = parameters.find(parameter => parameter.startsWith('q='))?.slice(2);
    return { type, q: q === undefined ? 1 : Number(q) || 0 };
  });
  const qualityOf = (...types: string[]): number => {
    for (const type of types) {
      const range = ranges.find(candidate => candidate.type === type);
      if (range) return range.q;
    }
    return 0;
  };
  return qualityOf('text/html') > qualityOf('application/json', 'application/*', '*/*');
}
