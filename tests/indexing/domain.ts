import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { collectionSchema } from '../../shared/catalog/collection.ts';
import { sha1Hex } from '../../shared/catalog/ids.ts';
import type { ImageReader, WordsInImage } from '../../shared/catalog/image-description.ts';
import { type ImagePayload, payloadSchema } from '../../shared/catalog/payload.ts';
import { SemblanceError } from '../../shared/errors.ts';
import { createEvents } from '../../shared/indexing/events.ts';
import { createKeyWork } from '../../shared/indexing/key-work.ts';
import type { LibraryEvent, Upload } from '../../shared/indexing/library.ts';
import { openLibrary } from '../../shared/indexing/open-library.ts';
import { createReconcile, type ReconcileDeps } from '../../shared/indexing/reconcile.ts';
import { sweep, sweepStep } from '../../shared/indexing/sweep.ts';
import type { SweepOptions } from '../../shared/indexing/sweep-options.ts';
import type { Log } from '../../shared/log.ts';
import type { WorkQueue } from '../../shared/queue/work-queue.ts';

export const NAMESPACE = '7d1bb2a5-4d3c-4f7e-9a43-61f3a2a0d8c1';
const DIMENSION = 8;

export const schema = collectionSchema(DIMENSION, DIMENSION);

export const silent: Log = { debug() {}, info() {}, warn() {}, error() {} };

export const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);

/**
 * Reads "images" of these tests: any bytes, described by their hash, so that equal bytes have equal
 * descriptions. Bytes that begin with `BAD` are corrupt, with `WEBP` a WebP; `words:…` have these words.
 */
export function fakeReader(): ImageReader & { described: string[] } {
  const described: string[] = [];
  return {
    described,
    async describe(bytes, { ocr }) {
      const sha1 = sha1Hex(bytes);
      const text = new TextDecoder().decode(bytes);
      described.push(text);
      // Some take longer than others, so that an older reading may end after a newer one.
      await sleep((described.length * 7) % 4);
      if (bytes.length === 0) throw new SemblanceError('image_empty', '0 bytes');
      if (text === 'NONE') throw new SemblanceError('not_an_image', 'None of the formats');
      if (text.startsWith('BAD')) throw new SemblanceError('image_corrupt', 'It ends too early');
      return {
        format: text.startsWith('WEBP') ? 'webp' : 'png',
        width: 40,
        height: 30,
        damaged: false,
        bytes: bytes.length,
        sha1,
        taken: null,
        exif: null,
        dhash: sha1.slice(0, 16),
        placeholder: 'AAAA',
        thumbnail: bytesOf(`thumbnail of ${sha1}`),
        preview: bytesOf(`preview of ${sha1}`),
        embedding: unitVector(sha1),
        words: ocr ? wordsIn(bytes) : null,
      };
    },
    async readWords(bytes) {
      const words = wordsIn(bytes);
      await sleep(described.length % 3);
      return words;
    },
    embed: async bytes => unitVector(sha1Hex(bytes)),
    render: async bytes => bytes,
    check: async () => ({ format: 'png', width: 40, height: 30, damaged: false }),
    close: async () => {},
  };
}

function wordsIn(bytes: Uint8Array): WordsInImage {
  const text = /^words:(.*)/s.exec(new TextDecoder().decode(bytes))?.[1] ?? '';
  return { text, lines: [], embedding: text === '' ? null : unitVector(text), error: null };
}

export function unitVector(text: string): Float32Array {
  const raw = [...createHash('sha256').update(text).digest().subarray(0, DIMENSION)].map(
    byte => byte - 127.5,
  );
  const length = Math.hypot(...raw);
  return Float32Array.from(raw, component => component / length);
}

type Ports = Pick<ReconcileDeps, 'originals' | 'derived' | 'index'> & {
  readonly queue: WorkQueue;
  /** As a bucket's events do. */
  readonly storeTellsQueue?: boolean;
};

/** All of indexing on these ports, with a reader that needs no model. */
export function openDomain(
  { queue, storeTellsQueue = false, ...ports }: Ports,
  overrides: Partial<ReconcileDeps> = {},
) {
  const events = createEvents();
  const emitted: LibraryEvent[] = [];
  events.subscribe(event => emitted.push(event));
  const reader = fakeReader();
  const deps: ReconcileDeps = {
    ...ports,
    reader,
    namespace: NAMESPACE,
    maxBytes: 1_000_000,
    ocr: true,
    log: silent,
    ...overrides,
  };
  const reconcile = createReconcile(deps);
  const keyWork = createKeyWork({ ...deps, reconcile });
  const library = openLibrary({ ...deps, queue, events, storeTellsQueue });

  return {
    ...deps,
    reader,
    queue,
    events,
    emitted,
    reconcile,
    keyWork,
    library,
    sweep: (options?: SweepOptions) => sweep({ ...deps, queue }, options),
    sweepStep: (options: SweepOptions, place: Parameters<typeof sweepStep>[2]) =>
      sweepStep({ ...deps, queue }, options, place),

    /** Reconciles what is queued until nothing waits; how many keys that were. */
    async drain(): Promise<number> {
      let keys = 0;
      for (;;) {
        const messages = await queue.receive(10, 60);
        if (messages.length === 0) return keys;
        for (const message of messages) {
          keys++;
          await reconcile(message.key, { again: message.again });
          await queue.done(message.receipt);
        }
      }
    },

    /** Payload of a point, null when there is none. */
    async payload(id: string): Promise<ImagePayload | null> {
      const [point] = await ports.index.retrieve([id]);
      return point ? payloadSchema.parse(point.payload) : null;
    },

    async derivedKeys(prefix = ''): Promise<string[]> {
      const keys: string[] = [];
      for await (const object of ports.derived.list(prefix)) keys.push(object.key);
      return keys;
    },
  };
}

export type Domain = ReturnType<typeof openDomain>;

/** What a person does to the place where their images are. */
export type Person = {
  write(key: string, text: string): Promise<void>;
  remove(key: string): Promise<void>;
  /** False where there is nothing to rename. */
  rename(from: string, to: string): Promise<boolean>;
};

/** An upload of these bytes without annotations. */
export const uploadOfText = (content: string, record: Partial<Upload['record']> = {}): Upload => ({
  body: bytesOf(content),
  bytes: bytesOf(content).length,
  sha1: sha1Hex(bytesOf(content)),
  format: 'png',
  record: {
    local: true,
    url: null,
    thumbnail_url: null,
    thumbnail: 'always',
    starred: false,
    categories: null,
    comments: null,
    skip_ocr: false,
    ...record,
  },
});
