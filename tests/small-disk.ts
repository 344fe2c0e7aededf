import { execFile } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Whether this machine lets a process mount file systems of its own, which Linux allows in a user namespace. */
export const canMount: boolean = await run('unshare', [
  '-rm',
  'mount',
  '-t',
  'tmpfs',
  'tmpfs',
  tmpdir(),
]).then(
  () => true,
  () => false,
);

/** What a Node program prints that may mount file systems, which no other process sees. */
export async function runMounting(program: string, args: readonly string[]): Promise<string> {
  return (await run('unshare', ['-rm', process.execPath, program, ...args])).stdout;
}

type SmallDisk = {
  /** Folder that it is mounted at, made where it is missing. */
  readonly disk: string;
  /** As mount takes it, such as `256k` or `1m`. */
  readonly size: string;
  /** Arguments of the program after the first, which is the disk. */
  readonly more?: readonly string[];
  /** Whether the program runs a second time, on the same disk turned read-only. */
  readonly thenReadOnly?: boolean;
};

/** What a Node program prints on a disk of its own that is soon full. */
export async function runOnSmallDisk(
  program: string,
  { disk, size, more = [], thenReadOnly = false }: SmallDisk,
): Promise<string> {
  await mkdir(disk, { recursive: true });
  const script = [
    'disk="$1"; shift',
    `mount -t tmpfs -o size=${size} tmpfs "$disk"`,
    '"$@"',
    ...(thenReadOnly ? ['mount -o remount,ro "$disk"', '"$@"'] : []),
  ].join('\n');
  const shell = ['sh', '-ec', script, 'sh', disk];
  return (await run('unshare', ['-rm', ...shell, process.execPath, program, disk, ...more])).stdout;
}

export const jsonLines = (text: string): unknown[] =>
  text
    .trim()
    .split('\n')
    .map(line => JSON.parse(line));
