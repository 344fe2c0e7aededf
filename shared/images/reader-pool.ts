import type { ChildProcess } from 'node:child_process';
import type { ImageReader } from '../catalog/image-description.ts';
import { errorOfData, SemblanceError } from '../errors.ts';
import type { LocatedModel } from '../models/model-folder.ts';
import { createAdmission } from './admission.ts';
import { sendBytes } from './image-pipe.ts';
import { closedError, ended, lost, notStarted, unreadable } from './reader-endings.ts';
import { forkReader } from './reader-fork.ts';
import type { ImageTask, ReaderMessage, ReaderRequest, ReaderResponse } from './reader-messages.ts';
import { askingReader, type Question } from './reader-questions.ts';
import { createReaderQueue, isUrgent, type Job } from './reader-queue.ts';

export type ReaderPoolOptions = {
  readonly model: LocatedModel;
  readonly maxPixels: number;
  /** Images indexed at the same time; as many as there are cores. */
  readonly workers: number;
  /** Folder of the model that embeds words; null: no words are read. */
  readonly wordsFolder?: string | null;
  /** ms of CPU time that one image may take, loading the model left out; twice that where words are read. */
  readonly cpuLimit?: number;
  /** ms on the clock after which an image is put off, though it hasn't used up its CPU time. */
  readonly wallLimit?: number;
  /** ms without an image after which a process leaves, and gives its memory back. */
  readonly idleLimit?: number;
  /** bytes that images decoded at the same time may take together. */
  readonly memoryBudget?: number;
  /** The module that runs in the processes. */
  readonly entry?: URL;
};

/** Two photographs of a telephone in HEIC fit into it, and a scan of 100 megapixels doesn't leave room for another. */
const MEMORY_BUDGET = 500e6;

/** bytes; after an image that took more its process leaves, since what was allocated for it is hardly given back. */
const LARGEST_KEPT = 200e6;

/** A process and the image that it is reading. */
type Seat = {
  readonly child: ChildProcess;
  readonly exited: Promise<unknown>;
  ready: boolean;
  job: Job | undefined;
  /** Its image waits to be let in. */
  asks: boolean;
  /** Bytes that its image was let in with, and how to give them back. */
  weight: number;
  leave: () => void;
  /** Runs out when its image takes too long, or when it has had none for too long. */
  clock: NodeJS.Timeout | undefined;
};

/**
 * Reads images in processes of their own, which start when there is work and leave after a minute without. A
 * search by image and the check of an upload never wait for indexing: they go first, and one process more than
 * `workers` is opened when they are all busy. A process holds one image at a time, so when it dies or hangs
 * it is clear which one did it: that image fails and the process is replaced.
 *
 * Processes, and not threads: only of a process can be said what CPU time an image took, libvips's threads
 * included; one that hangs inside native code can be ended without harm to others; a decoder that crashes takes
 * nothing else with it; and what it allocated is given back when it ends.
 *
 * An image may take `cpuLimit` of CPU time. One that is not ready after `wallLimit` on the clock without having used
 * that up had to share the machine or waits for something: that is no fault of the image, and `machine_busy`.
 */
export function openReaderPool(options: ReaderPoolOptions): ImageReader {
  const { model, maxPixels, workers, wordsFolder = null } = options;
  const { cpuLimit = 10_000, wallLimit = 120_000, idleLimit = 60_000 } = options;
  const entry = options.entry ?? new URL('./reader-process.ts', import.meta.url);
  const { memoryBudget = MEMORY_BUDGET } = options;
  const admission = createAdmission(memoryBudget);
  const seats = new Set<Seat>();
  const leaving = new Set<Promise<unknown>>();
  const queue = createReaderQueue();
  let isClosed = false;
  /** The process whose image takes so much that nothing else is indexed meanwhile. */
  let alone: Seat | null = null;

  const ask = (bytes: Uint8Array, request: Question): Promise<ReaderResponse> =>
    new Promise((resolve, reject) => {
      if (isClosed) return reject(closedError());
      const readsWords = request.task === 'words' || (request.task === 'describe' && request.ocr);
      const limit = cpuLimit * (readsWords || request.task === 'render' ? 2 : 1);
      queue.add({ request: { ...request, cpuLimit: limit }, bytes, resolve, reject });
      dispatch();
    });

  function dispatch() {
    for (;;) {
      const seat = [...seats].find(({ ready, job }) => ready && !job);
      const job = seat && queue.take(mayStart);
      if (!job) break;
      seat.job = job;
      startClock(seat);
      say(seat, { ...job.request, length: job.bytes.length });
      sendBytes(seat.child, job.bytes);
    }
    openSeats();
  }

  const indexing = () => [...seats].filter(({ job }) => job && !isUrgent(job.request.task)).length;
  const mayStart = (task: ImageTask['task']) => isUrgent(task) || (!alone && indexing() < workers);

  /** Whoever is ready first takes what waits, so a search is not bound to a process that still loads. */
  function openSeats() {
    const starting = [...seats].filter(({ ready }) => !ready).length;
    const toIndex = alone ? 0 : queue.toIndex();
    const wanted = queue.urgent() + Math.min(toIndex, workers - indexing());
    const most = Math.min(wanted - starting, workers + 1 - seats.size);
    for (let i = 0; i < most; i++) openSeat();
  }

  function openSeat() {
    const child = forkReader(entry, { model, maxPixels, wordsFolder });
    const exited = new Promise(resolve => child.once('close', resolve));
    const nothing = { job: undefined, clock: undefined, asks: false, weight: 0, leave: () => {} };
    const seat: Seat = { child, exited, ready: false, ...nothing };
    seats.add(seat);
    child.on('message', (message: ReaderMessage) => hear(seat, message));
    child.on('error', error =>
      removeSeat(seat, seat.ready ? lost(error.message) : notStarted(error.message)),
    );
    child.on('exit', (code, signal) =>
      removeSeat(seat, ended(signal ?? `exit code ${code}`, seat.ready, seat.job?.request.cpuLimit)),
    );
  }

  function hear(seat: Seat, message: ReaderMessage) {
    if (!seats.has(seat)) return;
    if (message.type === 'weighs') return void letIn(seat, message.bytes);
    if (message.type === 'broken') return removeSeat(seat, unreadable(message.message));
    if (message.type === 'ready') seat.ready = true;
    else {
      settle(seat, message);
      if (seat.weight > LARGEST_KEPT || alone) return removeSeat(seat, closedError());
    }
    rest(seat);
    dispatch();
  }

  /** The time that an image waits for memory does not count against its limits. */
  async function letIn(seat: Seat, bytes: number) {
    clearTimeout(seat.clock);
    if (alone && seat.job && !isUrgent(seat.job.request.task)) return putBack(seat);
    seat.asks = true;
    const leave = await admission.enter(bytes);
    seat.asks = false;
    if (!seats.has(seat)) return leave();
    Object.assign(seat, { weight: bytes, leave });
    if (bytes > memoryBudget / 2) {
      alone = seat;
      await othersGone(seat);
      if (!seats.has(seat)) return;
    }
    startClock(seat);
    say(seat, { task: 'go' });
  }

  /**
   * What processes allocated for the images before stays with them until they end: so that there is room, those without
   * work end at once, those whose image waits to be let in give it back to the queue, and others end after theirs.
   */
  async function othersGone(but: Seat) {
    const ending: Promise<unknown>[] = [];
    for (const seat of [...seats].filter(other => other !== but)) {
      const { job } = seat;
      // One that starts has allocated nothing yet, and a search may wait for it.
      if (!seat.ready || (job && isUrgent(job.request.task))) continue;
      ending.push(seat.exited);
      if (!job || seat.asks) putBack(seat);
    }
    await Promise.all(ending);
  }

  /** Ends a process; the image that it holds, if any, is read by another, later. */
  function putBack(seat: Seat) {
    if (seat.job) queue.putBack(seat.job);
    seat.job = undefined;
    removeSeat(seat, closedError());
  }

  function rest(seat: Seat) {
    seat.weight = 0;
    clearTimeout(seat.clock);
    seat.clock = setTimeout(() => removeSeat(seat, closedError()), idleLimit).unref();
  }

  function startClock(seat: Seat) {
    clearTimeout(seat.clock);
    seat.clock = setTimeout(() => {
      const message = `Not read within ${wallLimit / 1000} s, nearly all of which other programs had.`;
      removeSeat(seat, new SemblanceError('machine_busy', message));
    }, wallLimit);
  }

  function settle(seat: Seat, response: ReaderResponse) {
    if (alone === seat) alone = null;
    seat.leave();
    seat.leave = () => {};
    if (response.type === 'failed') seat.job?.reject(errorOfData(response.error));
    else seat.job?.resolve(response);
    seat.job = undefined;
  }

  function removeSeat(seat: Seat, reason: SemblanceError) {
    if (!seats.delete(seat)) return;
    if (alone === seat) alone = null;
    clearTimeout(seat.clock);
    seat.leave();
    seat.job?.reject(reason);
    leaving.add(seat.exited);
    void seat.exited.then(() => leaving.delete(seat.exited));
    seat.child.kill('SIGKILL');
    if (seat.ready) dispatch();
    else if (seats.size === 0) queue.rejectAll(reason);
  }

  return {
    ...askingReader(ask, wordsFolder !== null),
    async close() {
      isClosed = true;
      queue.rejectAll(closedError());
      for (const seat of [...seats]) removeSeat(seat, closedError());
      await Promise.all(leaving);
    },
  };
}

const say = ({ child }: Seat, request: ReaderRequest): void => void child.send(request);
