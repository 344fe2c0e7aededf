import { type ChildProcess, fork } from 'node:child_process';
import type { LocatedModel } from '../models/model-folder.ts';
import { STDIO_WITH_PIPE } from './image-pipe.ts';

/** What a process of the pool is told when it starts (reader-process.ts). */
export type ReaderSettings = {
  readonly model: LocatedModel;
  readonly maxPixels: number;
  readonly wordsFolder: string | null;
};

/** Starts a process that reads images. */
export const forkReader = (entry: URL, settings: ReaderSettings): ChildProcess =>
  fork(entry, [JSON.stringify(settings)], {
    serialization: 'advanced',
    stdio: STDIO_WITH_PIPE,
    // With it heic.ts gives back at once the half gigabyte that decoding a HEIC takes.
    execArgv: ['--expose-gc'],
    env: { ...ALLOCATOR, ...process.env },
  });

/**
 * glibc keeps an area of memory for each thread, in time also what was large, and gives little of it back: libvips,
 * onnxruntime and V8 have many threads, of which few work at a time
 * (https://sharp.pixelplumbing.com/install/#linux-memory-allocator). What is above the threshold is mapped and
 * unmapped by itself; at 128 kB that holds for the matrices of a model too, which takes 48 MB less once it is opened.
 * What else is free at the end goes back above 64 MB: an image leaves less than that, and to take it anew for each
 * image cost 2 to 4 % of the CPU time.
 */
const ALLOCATOR = {
  MALLOC_ARENA_MAX: '2',
  MALLOC_MMAP_THRESHOLD_: '131072',
  MALLOC_TRIM_THRESHOLD_: '67108864',
};
