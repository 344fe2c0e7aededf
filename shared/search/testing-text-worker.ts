/** A thread of text-thread.ts that does what a text says, and embeds others as their length. */
import { existsSync } from 'node:fs';
import { serveTexts } from './text-messages.ts';

const obedient = {
  async encodeText(text: string) {
    const [command, file = ''] = text.split(' ');
    if (command === 'exit') process.exit(3);
    if (command === 'fault') {
      setImmediate(() => {
        throw new TypeError('a fault');
      });
      await new Promise(() => {});
    }
    if (command === 'hold-until') while (!existsSync(file));
    return { vector: Float32Array.of(text.length), parts: 1 };
  },
};

serveTexts({ text: async () => obedient, words: async () => obedient });
