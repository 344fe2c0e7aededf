/** A thread of text-thread.ts that does what a text says, and answers others with their length. */
import { existsSync } from 'node:fs';
import { parentPort } from 'node:worker_threads';
import type { TextRequest, TextResponse } from './text-thread.ts';

const answers = (response: TextResponse) => parentPort?.postMessage(response);

parentPort?.on('message', ({ text }: TextRequest) => {
  const [command, file = ''] = text.split(' ');
  if (command === 'exit') process.exit(3);
  if (command === 'fault') throw new TypeError('a fault');
  if (command === 'hold-until') while (!existsSync(file));
  if (command !== 'never') answers({ embedding: { vector: Float32Array.of(text.length), parts: 1 } });
});
