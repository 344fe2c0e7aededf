import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach } from 'vitest';
import { type ImportDeps, type ImportOptions, importImages } from '../../shared/neko/import-images.ts';
import { type Harness, newFolders, openHarness } from '../indexing/harness.ts';
import { type OldServer, startOldServer } from './old-server.ts';

/** Of the old server's vectors. */
export const DIMENSION = 8;

/** Bytes that are recognised as a PNG, all that the fake reader needs. */
export const png = (text: string): Uint8Array =>
  new Uint8Array(Buffer.from(`\x89PNG\r\n\x1a\n${text}`, 'latin1'));

/** The report of an import that did nothing. */
export const nothing = { imported: 0, present: 0, deleted: 0, remote: 0, problems: [], changed: [] };

/** For each test an old server without images, and a library without images. */
export function prepareImport() {
  let old: OldServer | undefined;
  let here: Harness | undefined;
  const started = <T>(part: T | undefined): T => {
    if (part === undefined) throw new Error('The server runs only while the tests do');
    return part;
  };

  beforeEach(async () => {
    const folders = newFolders();
    here = await openHarness(folders);
    old = await startOldServer(
      join(folders.data, '..', 'old', folders.data.split('/').at(-1) ?? ''),
      DIMENSION,
    );
    mkdirSync(join(here.data, 'receiving'), { recursive: true });
  });
  afterEach(async () => {
    await old?.close();
    await here?.close();
  });

  const importDeps = (): ImportDeps => ({
    ...started(here),
    temporaryFolder: join(started(here).data, 'receiving'),
  });
  return {
    /** The server whose images are imported. */
    get old() {
      return started(old);
    },
    /** The library that they are imported to. */
    get here() {
      return started(here);
    },
    importDeps,
    runImport: async (options: Partial<ImportOptions> = {}) =>
      importImages(importDeps(), { ...(await started(old).source()), ...options }),
  };
}
