import { z } from 'zod';
import { SemblanceError } from '../errors.ts';
import { joinCandidates } from './candidates.ts';
import { createCoder, marginOf } from './codes.ts';
import type { ImageReader, ImageWriter } from './image-file.ts';
import { createRowSlots } from './row-slots.ts';
import { fastestScan } from './scan.ts';
import {
  type Examples,
  oneAfterAnother,
  SCORES_BYTES,
  type ScanJob,
  type ScanQuery,
  takePart,
} from './scan-job.ts';
import type { ScanThreads } from './scan-threads.ts';

/**
 * Vectors of one name in RAM as int8 codes, a row each, from which a scan estimates dot products. A slot is the
 * caller's number of a point. A row that a slot leaves stays unused until a slot takes it, so that no row moves while
 * threads scan.
 */
export interface CodeMatrix {
  readonly dimension: number;
  has(slot: number): boolean;
  set(slot: number, vector: Float32Array): void;
  remove(slot: number): void;
  /** Slots of all rows, below 0 for an unused one: Int32Array[rows], valid until the next change. */
  slots(): Int32Array;
  /**
   * What can be among the `depth` best of the rows named, or of all, by their exact scores: large ones by threads,
   * while the caller may change what it likes.
   * @param rows a bit for each row that is named, from the lowest bit of the first byte on
   * @throws index_rejected for more examples than there is room for
   */
  candidates(wanted: Wanted, depth: number, rows?: Uint8Array): Promise<CandidateRows>;
  save(writer: ImageWriter): void;
  load(reader: ImageReader): void;
}

/** What rows are compared with, Float32Array[dimension] of unit length each: see NearestQuery and BestQuery. */
export type Wanted = { readonly nearest: Float32Array } | { readonly best: Examples<Float32Array> };

/** Rows in no order, and between what the exact score of each lies. */
export type CandidateRows = {
  readonly rows: Uint32Array;
  readonly low: Float32Array;
  readonly high: Float32Array;
  /** Every row whose score can be this or more is among them; −∞ where all are. */
  readonly floor: number;
};

const PAGE = 65_536;
const MEMORY_BYTES = 2 ** 32;
const MOST_ROWS = 2 ** 23;
/** Examples of one query. */
const MOST_QUERIES = 64;
/** bytes of rows that are scanned at once, in less than 1 ms; more are left to threads. */
const SCANNED_HERE = 2 ** 24;

/** @param threads which may serve other matrices too; whoever made them closes them */
export function createCodeMatrix(dimension: number, threads: ScanThreads): CodeMatrix {
  const coder = createCoder(dimension);
  const { stride } = coder;
  const capacity = Math.min(
    MOST_ROWS,
    Math.floor((MEMORY_BYTES - 2 * PAGE - MOST_QUERIES * stride - SCORES_BYTES) / (stride + 8)),
  );
  // One memory holds a counter that the threads share, the queries, scores, list and scales, then the rows.
  const queriesAt = 64;
  const scoresAt = queriesAt + MOST_QUERIES * stride;
  const listAt = scoresAt + SCORES_BYTES;
  const scalesAt = listAt + capacity * 4;
  const rowsAt = Math.ceil((scalesAt + capacity * 4) / PAGE) * PAGE;
  const pages = (rows: number): number => Math.ceil((rowsAt + rows * stride) / PAGE);
  // Pages that were never written take no RAM.
  const memory = new WebAssembly.Memory({ initial: pages(1), maximum: MEMORY_BYTES / PAGE, shared: true });
  const scan = fastestScan(memory);

  const slots = createRowSlots(capacity);
  let largestScale = 0;
  let last: Promise<unknown> = Promise.resolve();

  const takeRow = (slot: number): number => {
    const row = slots.take(slot);
    if (row === undefined)
      throw new SemblanceError(
        'index_rejected',
        `The embedded index takes ${capacity} vectors of ${dimension} at the most: use Qdrant for more`,
      );
    reserve(row + 1, Math.ceil(row * 1.125));
    return row;
  };
  const reserve = (needed: number, wanted = needed): void => {
    if (pages(needed) * PAGE <= memory.buffer.byteLength) return;
    memory.grow(pages(Math.min(capacity, Math.max(needed, wanted))) - memory.buffer.byteLength / PAGE);
  };
  const scaleAt = (row: number) => new Float32Array(memory.buffer, scalesAt + row * 4, 1);

  /** Scores are written where the job says. Queries, list and scores have one place each: one job at a time. */
  const scanNow = async (
    wanted: Wanted,
    limit: number,
    named: Uint8Array | undefined,
  ): Promise<CandidateRows> => {
    const list = named && writeList(named);
    const count = list?.length ?? slots.rows;
    const depth = Math.min(limit, count + 1);
    const { queries, factor } = put(wanted);
    const margin = marginOf(largestScale, factor);
    const place = { rows: rowsAt, stride, scales: scalesAt, list: list ? listAt : 0, scores: scoresAt };
    const job: ScanJob = { queries, ...place, count, depth, margin };
    const parts =
      count * stride <= SCANNED_HERE
        ? [takePart(scan, job, memory, oneAfterAnother())]
        : await threads.run(memory, job);
    const { places, ...candidates } = joinCandidates(parts, depth);
    return { ...candidates, rows: list ? places.map(place => list[place]!) : places };
  };

  /** Writes the numbers of the rows whose bits are set. */
  const writeList = (named: Uint8Array): Uint32Array => {
    const list = new Uint32Array(memory.buffer, listAt, 8 * named.length);
    let count = 0;
    for (let byte = 0; byte < named.length; byte++)
      for (let bits = named[byte]!; bits !== 0; bits &= bits - 1)
        list[count++] = 8 * byte + 31 - Math.clz32(bits & -bits);
    return list.subarray(0, count);
  };

  /** Writes the codes of the vectors; `factor` is the largest of theirs. */
  const put = (wanted: Wanted) => {
    const queries: ScanQuery[] = [];
    const putOne = (vector: Float32Array): ScanQuery => {
      if (queries.length === MOST_QUERIES)
        throw new SemblanceError('index_rejected', `A query takes ${MOST_QUERIES} examples at the most`);
      const at = queriesAt + queries.length * stride;
      const codes = new Int8Array(memory.buffer, at, stride);
      const factor = coder.codeQuery(vector, codes);
      const query = { at, factor, excess: 64 * codes.reduce((sum, code) => sum + code, 0) };
      queries.push(query);
      return query;
    };
    const placed: ScanJob['queries'] =
      'nearest' in wanted
        ? { nearest: putOne(wanted.nearest) }
        : {
            best: { positive: wanted.best.positive.map(putOne), negative: wanted.best.negative.map(putOne) },
          };
    return { queries: placed, factor: Math.max(...queries.map(({ factor }) => factor)) };
  };

  return {
    dimension,
    has: slots.has,
    set(slot, vector) {
      const row = slots.has(slot) ? slots.rowOf(slot) : takeRow(slot);
      const scale = coder.codeRow(vector, new Uint8Array(memory.buffer, rowsAt + row * stride, stride));
      scaleAt(row)[0] = scale;
      largestScale = Math.max(largestScale, scale);
    },
    remove(slot) {
      if (!slots.has(slot)) return;
      // Its scores are then NaN, which never ranks.
      scaleAt(slots.rowOf(slot))[0] = Number.NaN;
      slots.leave(slot);
    },
    slots: slots.slots,
    candidates(wanted, depth, named) {
      const found = last.then(() => scanNow(wanted, depth, named));
      last = found.catch(() => {});
      return found;
    },
    save(writer) {
      slots.save(writer);
      writer.json(largestScale);
      writer.numbers(new Float32Array(memory.buffer, scalesAt, slots.rows));
      writer.numbers(new Uint8Array(memory.buffer, rowsAt, slots.rows * stride));
    },
    load(reader) {
      slots.load(reader);
      largestScale = z.number().parse(reader.json());
      reserve(slots.rows);
      reader.numbers(length => new Float32Array(memory.buffer, scalesAt, length));
      reader.numbers(length => new Uint8Array(memory.buffer, rowsAt, length));
    },
  };
}
