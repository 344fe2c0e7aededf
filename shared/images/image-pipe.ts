import type { ChildProcess, StdioOptions } from 'node:child_process';
import { readSync } from 'node:fs';
import { Writable } from 'node:stream';

/**
 * The way of an image's bytes into a reading process: a pipe of their own beside the channel of messages, which would
 * copy them several times and leave each copy to the garbage collector.
 */

const PIPE = 4;

/** The channel of messages is the file descriptor before it. */
export const STDIO_WITH_PIPE: StdioOptions = ['ignore', 'ignore', 'inherit', 'ipc', 'pipe'];

/** Sends bytes to a process. Where it ends meanwhile, the rest is dropped: its exit event reports the failure. */
export function sendBytes(child: ChildProcess, bytes: Uint8Array): void {
  const pipe = child.stdio[PIPE];
  if (!(pipe instanceof Writable)) throw new TypeError('The process was started without a pipe for images');
  if (pipe.listenerCount('error') === 0) pipe.on('error', () => {});
  pipe.write(bytes);
}

/** bytes; a larger buffer is not kept for the next image. */
const LARGEST_KEPT = 8_000_000;

/**
 * The process's end of the pipe.
 * @returns reads the next so many bytes, into memory that the next image overwrites; waits for them without hearing
 * anything else, and ends the process where the other end has gone
 */
export function openImagePipe(): (length: number) => Uint8Array {
  let kept = Buffer.alloc(0);
  return length => {
    if (length > kept.length) kept = Buffer.allocUnsafeSlow(length);
    const bytes = kept.subarray(0, length);
    if (length > LARGEST_KEPT) kept = Buffer.alloc(0);
    for (let at = 0; at < length; ) {
      const count = readSync(PIPE, bytes, at, length - at, null);
      if (count === 0) process.exit();
      at += count;
    }
    return bytes;
  };
}
