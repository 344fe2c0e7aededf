import type { TextEncoder, TextModelInfo } from '../../shared/models/encoder.ts';
import { openOnce } from '../../shared/open-once.ts';

type ClosableEncoder = TextEncoder & { close(): Promise<void> };

/** An encoder that loads at the first text: a command that embeds none need not wait for it. */
export function lazyEncoder(model: TextModelInfo, open: () => Promise<ClosableEncoder>): ClosableEncoder {
  let encoder: ClosableEncoder | undefined;
  const opened = openOnce(async () => {
    encoder = await open();
    return encoder;
  });
  return {
    model,
    encodeText: async text => (await opened()).encodeText(text),
    countParts: async text => (await (await opened()).countParts?.(text)) ?? 1,
    close: async () => encoder?.close(),
  };
}
