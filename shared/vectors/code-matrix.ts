import { z } from 'zod';
import { SemblanceError } from '../errors.ts';
import { joinCandidates } from './candidates.ts';
import { createCoder, marginOf } from './codes.ts';
import type { ImageReader, ImageWriter } from './image-file.ts';
import { fastestScan } from './scan.ts';
import { oneAfterAnother, type ScanJob, takePart } from './scan-job.ts';
import type { ScanThreads } from './scan-threads.ts';
import { createSeries, int32s } from './series.ts';

/**
 * Vectors of one name in RAM as int8 codes, a row each, from which a scan estimates dot products. A slot is the
 * caller's number of a point. A row that a slot leaves stays unused until another slot takes it, so that no row
 * moves while threads scan.
 */
export interface CodeMatrix {
  readonly dimension: number;
  has(slot: number): boolean;
  set(slot: number, vector: Float32Array): void;
  remove(slot: number): void;
  /** Slots of all rows, −1 for an unused one: Int32Array[rows], valid until the next change. */
  slots(): Int32Array;
  /** Estimates for the rows named, or for all: large ones by threads, while the caller may change what it likes. */
  estimate(query: Float32Array, rows?: Uint32Array): Promise<Estimates>;
  /** The same of those only which can be among the `depth` best by their exact scores. */
  best(query: Float32Array, depth: number, rows?: Uint32Array): Promise<BestEstimates>;
  save(writer: ImageWriter): void;
  load(reader: ImageReader): void;
}

export type Estimates = {
  /** Float32Array[rows.length, or all rows]. */
  readonly scores: Float32Array;
  /** How far a score may be from the exact one. */
  readonly margin: number;
};

export type BestEstimates = Estimates & {
  /** Of each score, in no order. */
  readonly rows: Uint32Array;
  /** Every row with a score of at least this is among them; −∞ where all are. */
  readonly floor: number;
};

const stateSchema = z.object({ rows: z.number(), largestScale: z.number() });

const PAGE = 65_536;
const MEMORY_BYTES = 2 ** 32;
const MOST_ROWS = 2 ** 23;
/** bytes of rows that are scanned at once, in less than 1 ms; more are left to threads. */
const SCANNED_HERE = 2 ** 24;

/** @param threads which may serve other matrices too; whoever made them closes them */
export function createCodeMatrix(dimension: number, threads: ScanThreads): CodeMatrix {
  const coder = createCoder(dimension);
  const { stride } = coder;
  const capacity = Math.min(MOST_ROWS, Math.floor((MEMORY_BYTES - 2 * PAGE) / (stride + 12)));
  // one memory: a counter that the threads share, the query, list, scores and scales, then the rows
  const queryAt = 64;
  const listAt = queryAt + stride;
  const scoresAt = listAt + capacity * 4;
  const scalesAt = scoresAt + capacity * 4;
  const rowsAt = Math.ceil((scalesAt + capacity * 4) / PAGE) * PAGE;
  const pages = (rows: number): number => Math.ceil((rowsAt + rows * stride) / PAGE);
  // pages that were never written take no RAM
  const memory = new WebAssembly.Memory({ initial: pages(1), maximum: MEMORY_BYTES / PAGE, shared: true });
  const scan = fastestScan(memory);

  const rowOf = createSeries([int32s], -1);
  const slotOf = createSeries([int32s], -1);
  const unused: number[] = [];
  let rows = 0;
  let largestScale = 0;
  let last: Promise<unknown> = Promise.resolve();

  const takeRow = (): number => {
    const free = unused.pop();
    if (free !== undefined) return free;
    if (rows === capacity)
      throw new SemblanceError(
        'index_rejected',
        `The embedded index takes ${capacity} vectors of ${dimension} at the most: use Qdrant for more`,
      );
    reserve(rows + 1, Math.ceil(rows * 1.125));
    return rows++;
  };
  const reserve = (needed: number, wanted = needed): void => {
    if (pages(needed) * PAGE <= memory.buffer.byteLength) return;
    memory.grow(pages(Math.min(capacity, Math.max(needed, wanted))) - memory.buffer.byteLength / PAGE);
  };
  const scaleAt = (row: number) => new Float32Array(memory.buffer, scalesAt + row * 4, 1);

  /** Scores are written where the job says. Query, list and scores have one place each: one job at a time. */
  const ask = async (query: Float32Array, list: Uint32Array | undefined, depth?: number) => {
    const count = list?.length ?? rows;
    const codes = new Int8Array(memory.buffer, queryAt, stride);
    const factor = coder.codeQuery(query, codes);
    const margin = marginOf(largestScale, factor);
    if (list) new Uint32Array(memory.buffer, listAt, count).set(list);
    const job: ScanJob = {
      query: queryAt,
      rows: rowsAt,
      stride,
      scales: scalesAt,
      list: list ? listAt : 0,
      scores: scoresAt,
      factor,
      excess: 64 * codes.reduce((sum, code) => sum + code, 0),
      count,
      selection: depth === undefined ? undefined : { depth, margin },
    };
    const parts =
      count * stride <= SCANNED_HERE
        ? [takePart(scan, job, memory, oneAfterAnother())].filter(part => part !== null)
        : await threads.run(memory, job);
    return { count, margin, parts };
  };

  const estimateNow = async (query: Float32Array, list: Uint32Array | undefined): Promise<Estimates> => {
    const { count, margin } = await ask(query, list);
    return { scores: new Float32Array(memory.buffer, scoresAt, count).slice(), margin };
  };

  const bestNow = async (
    query: Float32Array,
    wanted: number,
    list: Uint32Array | undefined,
  ): Promise<BestEstimates> => {
    const depth = Math.min(wanted, (list?.length ?? rows) + 1);
    const { margin, parts } = await ask(query, list, depth);
    const { places, scores, floor } = joinCandidates(parts, { depth, margin });
    return { rows: list ? places.map(place => list[place]!) : places, scores, floor, margin };
  };

  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const done = last.then(work);
    last = done.catch(() => {});
    return done;
  };

  return {
    dimension,
    has: slot => rowOf.at(slot) >= 0,
    set(slot, vector) {
      let row = rowOf.at(slot);
      if (row < 0) {
        row = takeRow();
        rowOf.set(slot, row);
        slotOf.set(row, slot);
      }
      const scale = coder.codeRow(vector, new Uint8Array(memory.buffer, rowsAt + row * stride, stride));
      scaleAt(row)[0] = scale;
      largestScale = Math.max(largestScale, scale);
    },
    remove(slot) {
      const row = rowOf.at(slot);
      if (row < 0) return;
      rowOf.set(slot, -1);
      slotOf.set(row, -1);
      // so that its scores are NaN, which never ranks
      scaleAt(row)[0] = Number.NaN;
      unused.push(row);
    },
    slots: () => slotOf.first(rows),
    estimate: (query, list) => inTurn(() => estimateNow(query, list)),
    best: (query, depth, list) => inTurn(() => bestNow(query, depth, list)),
    save(writer) {
      rowOf.save(writer);
      slotOf.save(writer);
      writer.json({ rows, largestScale });
      writer.numbers(new Float32Array(memory.buffer, scalesAt, rows));
      writer.numbers(new Uint8Array(memory.buffer, rowsAt, rows * stride));
    },
    load(reader) {
      rowOf.load(reader);
      slotOf.load(reader);
      ({ rows, largestScale } = stateSchema.parse(reader.json()));
      for (let row = 0; row < rows; row++) if (slotOf.at(row) < 0) unused.push(row);
      reserve(rows);
      reader.numbers(length => new Float32Array(memory.buffer, scalesAt, length));
      reader.numbers(length => new Uint8Array(memory.buffer, rowsAt, length));
    },
  };
}
