import { createReadStream } from 'node:fs';
import { mkdir, readdir, rm, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';

/** The folders that the Dockerfile copies, each a layer: what changes least lies lowest. */
export type Layer = 'models' | 'node_modules' | 'functions';

export type LayerSize = {
  readonly files: number;
  /** Bytes on disk. */
  readonly bytes: number;
  /** Bytes as a registry keeps them. */
  readonly compressed: number;
};

/** An empty folder of this name. */
export async function freshFolder(folder: string): Promise<string> {
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  return folder;
}

/** Paths of the files below a folder, relative to it, in a fixed order. */
export async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter(entry => entry.isFile())
    .map(entry => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .sort();
}

/**
 * Sizes of a layer. The files go through one gzip stream as they do in `docker build`, whose tar headers add
 * less than a thousandth.
 */
export async function measureLayer(folder: string): Promise<LayerSize> {
  const files = await filesBelow(folder);
  let bytes = 0;
  let compressed = 0;
  const contents = async function* () {
    for (const file of files) {
      for await (const chunk of createReadStream(join(folder, file))) {
        bytes += chunk.length;
        yield chunk;
      }
    }
  };
  const count = new Writable({
    write(chunk, _, done) {
      compressed += chunk.length;
      done();
    },
  });
  await pipeline(contents, createGzip(), count);
  return { files: files.length, bytes, compressed };
}

/** Gives all files one date, so that the same content makes the same layer on any machine. */
export async function settleDates(folder: string): Promise<void> {
  const date = new Date('2020-01-01T00:00:00Z');
  const entries = await readdir(folder, { recursive: true });
  for (const entry of entries) await utimes(join(folder, entry), date, date);
}
