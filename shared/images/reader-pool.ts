import { availableParallelism } from 'node:os';
import { setFlagsFromString } from 'node:v8';
import { isMarkedAsUntransferable, Worker } from 'node:worker_threads';
import type { ImageReader } from '../catalog/image-description.ts';
import { SemblanceError } from '../errors.ts';
import type { LocatedModel } from '../models/model-folder.ts';
import type { ImageRequest, ReaderMessage, ReaderRequest } from './reader-messages.ts';

// Decoding and encoding run in libuv's threads, which all workers share: its 4 would hold back more than 6 workers.
// libuv reads this once, at its first work, so it can't wait until a pool is opened.
process.env['UV_THREADPOOL_SIZE'] ??= String(availableParallelism() + 4);

export type ReaderPoolOptions = {
  readonly model: LocatedModel;
  readonly maxPixels: number;
  /** Images indexed at the same time; as many as there are cores. */
  readonly workers: number;
  /** Folder of the model that embeds words; null: no words are read. */
  readonly wordsFolder?: string | null;
  /** ms that one image may take, loading the model left out; twice that where words are read. */
  readonly timeLimit?: number;
  /** ms without an image after which a thread leaves, and gives its memory back. */
  readonly idleLimit?: number;
  /** The module that runs in the threads. */
  readonly entry?: URL;
};

/** ms that a thread gets to finish what it does inside native code. */
const LEAVING = 5_000;

type Job = {
  readonly request: ImageRequest;
  readonly resolve: (message: ReaderMessage) => void;
  readonly reject: (error: SemblanceError) => void;
};

/** A thread and the image that it is reading. */
type Seat = {
  readonly worker: Worker;
  readonly exited: Promise<unknown>;
  ready: boolean;
  job: Job | undefined;
  /** Runs out when its image takes too long, or when it has had none for too long. */
  clock: NodeJS.Timeout | undefined;
};

/**
 * Reads images in worker threads, which start when there is work and leave after a minute without. A search by image never waits for
 * indexing: it goes first, and one thread more than `workers` is opened when they are all busy. A thread holds
 * one image at a time, so when it dies or hangs it is clear which one did it: that image fails and the
 * thread is replaced.
 *
 * The bytes given to it are transferred, hence gone for the caller, where they own their buffer.
 */
export function openReaderPool(options: ReaderPoolOptions): ImageReader {
  const { model, maxPixels, workers, wordsFolder = null, timeLimit = 10_000, idleLimit = 60_000 } = options;
  const entry = options.entry ?? new URL('./reader-worker.ts', import.meta.url);
  // Threads opened from here on start with a heap of 64 MB. An image leaves some 5 MB of buffers behind, and a
  // heap that starts at its 20 MB of code is marked whole after every third image: 8 % of the CPU time.
  setFlagsFromString('--initial-heap-size=64');
  const seats = new Set<Seat>();
  const leaving = new Set<Promise<unknown>>();
  const waiting: Record<ImageRequest['task'], Job[]> = { embed: [], describe: [], words: [] };
  let isClosed = false;

  const ask = (request: ImageRequest): Promise<ReaderMessage> =>
    new Promise((resolve, reject) => {
      if (isClosed) return reject(closedError());
      waiting[request.task].push({ request, resolve, reject });
      dispatch();
    });

  function dispatch() {
    for (const task of ['embed', 'describe', 'words'] as const) {
      while (waiting[task].length > 0 && mayStart(task)) {
        const seat = [...seats].find(({ ready, job }) => ready && !job);
        const job = seat && waiting[task].shift();
        if (!job) break;
        seat.job = job;
        startClock(seat, job);
        seat.worker.postMessage(job.request, transferable(job.request.bytes));
      }
    }
    openSeats();
  }

  const indexing = () => [...seats].filter(({ job }) => job && job.request.task !== 'embed').length;
  const mayStart = (task: ImageRequest['task']) => task === 'embed' || indexing() < workers;

  /** Whoever is ready first takes what waits, so a search is not bound to a thread that still loads. */
  function openSeats() {
    const starting = [...seats].filter(({ ready }) => !ready).length;
    const toIndex = waiting.describe.length + waiting.words.length;
    const wanted = waiting.embed.length + Math.min(toIndex, workers - indexing());
    const most = Math.min(wanted - starting, workers + 1 - seats.size);
    for (let i = 0; i < most; i++) openSeat();
  }

  function openSeat() {
    const worker = new Worker(entry, { workerData: { model, maxPixels, wordsFolder } });
    const exited = new Promise(resolve => worker.once('exit', resolve));
    const seat: Seat = {
      worker,
      exited,
      ready: false,
      job: undefined,
      clock: undefined,
    };
    seats.add(seat);
    worker.on('message', (message: ReaderMessage) => {
      if (seat.ready) settle(seat, message);
      else if (message.type === 'failed') removeSeat(seat, new SemblanceError(message.code, message.message));
      else {
        seat.ready = true;
        rest(seat);
        dispatch();
      }
    });
    worker.on('error', error => removeSeat(seat, died(seat, error.message)));
    worker.on('exit', code => removeSeat(seat, died(seat, `exit code ${code}`)));
  }

  function rest(seat: Seat) {
    seat.job = undefined;
    clearTimeout(seat.clock);
    seat.clock = setTimeout(() => removeSeat(seat, closedError()), idleLimit).unref();
  }

  function startClock(seat: Seat, { request }: Job) {
    clearTimeout(seat.clock);
    const readsWords = request.task === 'words' || (request.task === 'describe' && request.ocr);
    const limit = timeLimit * (readsWords ? 2 : 1);
    seat.clock = setTimeout(() => {
      removeSeat(seat, new SemblanceError('image_timeout', `Not read within ${limit / 1000} s.`));
    }, limit);
  }

  function settle(seat: Seat, message: ReaderMessage) {
    const { job } = seat;
    rest(seat);
    if (message.type === 'failed') job?.reject(new SemblanceError(message.code, message.message));
    else job?.resolve(message);
    dispatch();
  }

  function removeSeat(seat: Seat, reason: SemblanceError) {
    if (!seats.delete(seat)) return;
    clearTimeout(seat.clock);
    seat.job?.reject(reason);
    dismiss(seat);
    if (seat.ready) dispatch();
    else if (seats.size === 0) rejectWaiting(reason);
  }

  /**
   * Lets a thread end by itself: one that is terminated inside onnxruntime or libvips takes the whole process
   * with it. Only one that hangs in JavaScript or WebAssembly doesn't hear, and there it is safe.
   */
  function dismiss({ worker, exited }: Seat) {
    const clock = setTimeout(() => void worker.terminate(), Math.min(timeLimit, LEAVING));
    leaving.add(exited);
    void exited.then(() => {
      clearTimeout(clock);
      leaving.delete(exited);
    });
    worker.postMessage({ task: 'leave' } satisfies ReaderRequest);
  }

  function rejectWaiting(reason: SemblanceError) {
    for (const jobs of Object.values(waiting)) for (const job of jobs.splice(0)) job.reject(reason);
  }

  return {
    async describe(bytes, { ocr, embedding }) {
      const response = await ask({ task: 'describe', bytes, ocr: ocr && wordsFolder !== null, embedding });
      if (response.type === 'described') return response.description;
      throw unexpected(response);
    },
    async readWords(bytes) {
      if (wordsFolder === null) throw new SemblanceError('basis_unavailable', 'No words are read here.');
      const response = await ask({ task: 'words', bytes });
      if (response.type === 'read') return response.words;
      throw unexpected(response);
    },
    async embed(bytes) {
      const response = await ask({ task: 'embed', bytes });
      if (response.type === 'embedded') return response.embedding;
      throw unexpected(response);
    },
    async close() {
      isClosed = true;
      rejectWaiting(closedError());
      for (const seat of [...seats]) removeSeat(seat, closedError());
      await Promise.all(leaving);
    },
  };
}

/** What may be moved rather than copied: a buffer that is the bytes' own, not a slice of Node's pool. */
const transferable = ({ buffer, byteLength }: Uint8Array): ArrayBuffer[] =>
  buffer instanceof ArrayBuffer && buffer.byteLength === byteLength && !isMarkedAsUntransferable(buffer)
    ? [buffer]
    : [];

const died = (seat: Seat, words: string) =>
  seat.ready
    ? new SemblanceError('image_corrupt', `Reading it ended the thread (${words}).`)
    : new SemblanceError('internal', `The thread that reads images did not start (${words}).`);

const closedError = () => new SemblanceError('out_of_time', 'The image reader was closed.');

const unexpected = ({ type }: ReaderMessage) => new SemblanceError('internal', `The thread answered ${type}`);
