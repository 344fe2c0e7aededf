/** One server-sent event: its name ('message' when it has none) and its data. */
export type ServerEvent = { readonly event: string; readonly data: string };

export type ReadOptions = {
  /** Called with the ms after which the server wants the next request. */
  readonly onRetry?: (ms: number) => void;
};

/**
 * Reads a body of server-sent events (HTML standard, section "Server-sent events"). EventSource would do, but
 * it can't send the admin token's header.
 * @param chunks decoded text, cut anywhere
 */
export async function* readEvents(
  chunks: AsyncIterable<string>,
  { onRetry }: ReadOptions = {},
): AsyncGenerator<ServerEvent> {
  let pending = '';
  let event = '';
  let data: string[] = [];
  for await (const chunk of chunks) {
    pending += chunk;
    // A carriage return at the end may be half of CRLF: wait for the rest.
    const lines = pending.split(/\r\n|\n|\r(?!$)/);
    pending = lines.pop() ?? '';
    for (const line of lines) {
      if (line === '') {
        if (data.length > 0) yield { event: event || 'message', data: data.join('\n') };
        event = '';
        data = [];
      } else if (!line.startsWith(':')) {
        const [, field = '', value = ''] = /^([^:]*)(?:: ?(.*))?$/s.exec(line) ?? [];
        if (field === 'event') event = value;
        if (field === 'data') data.push(value);
        if (field === 'retry' && /^\d+$/.test(value)) onRetry?.(Number(value));
      }
    }
  }
}
