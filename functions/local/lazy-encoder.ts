import type { TextEncoder, TextModelInfo } from '../../shared/models/encoder.ts';

type ClosableEncoder = TextEncoder & { close(): Promise<void> };

/** An encoder that loads at the first text: a command that embeds none need not wait for it. */
export function lazyEncoder(model: TextModelInfo, open: () => Promise<ClosableEncoder>): ClosableEncoder {
  let opened: Promise<ClosableEncoder> | undefined;
  return {
    model,
    async encodeText(text) {
      opened ??= open();
      return (await opened).encodeText(text);
    },
    async close() {
      await (await opened)?.close();
    },
  };
}
