import { Worker } from 'node:worker_threads';
import { errorOfData, SemblanceError } from '../errors.ts';
import { systemCode } from '../file-error.ts';
import type { TextEmbedding, TextEncoder, TextModelInfo } from '../models/encoder.ts';
import type { LocatedModel } from '../models/model-folder.ts';
import {
  type EncoderName,
  IN_WORK,
  PROCESS_ENDS,
  type TextRequest,
  type TextResponse,
} from './text-messages.ts';

/** What the thread is started with. */
export type TextThreadSettings = {
  readonly model: LocatedModel;
  /** Folder of the model that embeds words in images. */
  readonly wordsFolder: string;
};

export type TextThread = {
  /** The model's text tower. */
  readonly text: TextEncoder;
  /** The encoder of words in images. */
  readonly words: TextEncoder;
  /** Texts under way fail with out_of_time at once; resolves when the thread has ended, after the one in its hands. */
  close(): Promise<void>;
};

export type TextThreadOptions = TextThreadSettings & {
  readonly modelInfo: TextModelInfo;
  readonly wordsInfo: TextModelInfo;
  /** The module that runs in the thread. */
  readonly entry?: URL;
};

/**
 * Encoders of texts in a thread of their own, which starts with the first text: a run holds its thread, and meanwhile
 * this one goes on with other requests. Each model is loaded at its first text. Texts are embedded one at a time in the
 * order they came, since a run has all cores. A thread that ended is replaced at the next text.
 *
 * Texts fail with what the encoders throw, with machine_busy where the thread ended, with out_of_time once it is closed.
 */
export function openTextThread({ modelInfo, wordsInfo, entry, ...settings }: TextThreadOptions): TextThread {
  let thread: Thread | undefined;
  let isClosed = false;

  const encoder = (name: EncoderName, model: TextModelInfo): TextEncoder => ({
    model,
    async encodeText(text) {
      if (isClosed) throw closedError();
      if (!thread?.isAlive()) thread = startThread(settings, entry);
      return thread.ask(name, text);
    },
  });

  return {
    text: encoder('text', modelInfo),
    words: encoder('words', wordsInfo),
    async close() {
      isClosed = true;
      await thread?.close();
    },
  };
}

type Thread = {
  isAlive(): boolean;
  ask(encoder: EncoderName, text: string): Promise<TextEmbedding>;
  close(): Promise<void>;
};

/** MB; a text leaves little behind, of which V8 otherwise lets some 30 MB gather. */
const YOUNG_GENERATION = 8;

/** ms that the end of the process waits for the text in work; loading a model takes longest. */
const LONGEST_TEXT = 5_000;

/** A thread, which holds the process only while texts are under way. */
function startThread(
  settings: TextThreadSettings,
  entry = new URL('./text-worker.ts', import.meta.url),
): Thread {
  const shared = new Int32Array(new SharedArrayBuffer(8));
  const worker = new Worker(entry, {
    workerData: { ...settings, shared },
    resourceLimits: { maxYoungGenerationSizeMb: YOUNG_GENERATION },
  });
  const say = (request: TextRequest): void => worker.postMessage(request);
  const exited = Promise.withResolvers<void>();
  const underWay: PromiseWithResolvers<TextEmbedding>[] = [];
  let isAlive = true;
  let isClosing = false;

  const end = (reason: SemblanceError): void => {
    isAlive = false;
    for (const { reject } of underWay.splice(0)) reject(reason);
  };
  // A process that ends at once ends its threads too, and within a run that is aborted: see serveTexts.
  const awaitText = (): void => {
    Atomics.store(shared, PROCESS_ENDS, 1);
    Atomics.wait(shared, IN_WORK, 1, LONGEST_TEXT);
  };
  process.once('exit', awaitText);
  worker.on('message', (response: TextResponse) => {
    const asked = underWay.shift();
    // One that is being closed holds the process until it has ended, or nobody is told that it has.
    if (underWay.length === 0 && !isClosing) worker.unref();
    if ('error' in response) asked?.reject(errorOfData(response.error));
    else asked?.resolve(response.embedding);
  });
  worker.on('error', cause => end(failedError(cause)));
  worker.on('exit', code => {
    end(endedError(`exit code ${code}`));
    exited.resolve();
    process.off('exit', awaitText);
  });
  worker.unref();

  return {
    isAlive: () => isAlive,
    ask(encoder, text) {
      const asked = Promise.withResolvers<TextEmbedding>();
      if (underWay.push(asked) === 1) worker.ref();
      say({ encoder, text });
      return asked.promise;
    },
    close() {
      isClosing = true;
      end(closedError());
      worker.ref();
      say('close');
      return exited.promise;
    },
  };
}

const endedError = (how: string, cause?: unknown) =>
  new SemblanceError('machine_busy', `The thread that embeds texts ended (${how})`, { cause });

/** Of a thread that ran out of memory, or that a fault ended. */
const failedError = (cause: unknown) =>
  systemCode(cause) === 'ERR_WORKER_OUT_OF_MEMORY'
    ? endedError('out of memory', cause)
    : new SemblanceError('internal', `The thread that embeds texts failed (${String(cause)})`, { cause });

const closedError = () => new SemblanceError('out_of_time', 'The encoders of texts are closed');
