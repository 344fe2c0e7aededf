import { DOT_KERNEL } from './dot-kernel.ts';

const PAGE = 65_536;
/** Rows of one block at most; a block's rows take at most 1 GiB, far from the 4 GiB of a WASM memory. */
const BLOCK_ROWS = 262_144;
const BLOCK_BYTES = 2 ** 30;
/** Up to this share of the rows, picking them out is quicker than streaming through all (measured: equal at ¼). */
const SCATTERED = 0.25;

/**
 * Vectors of one name in RAM, one row each without gaps, scanned exactly by a SIMD kernel.
 * A slot is the caller's number of a point; rows move when others go, slots don't.
 */
export interface Matrix {
  readonly dimension: number;
  /** Rows in use. */
  readonly size: number;
  has(slot: number): boolean;
  /** A copy, Float32Array[dimension]; undefined where the slot has no vector. */
  get(slot: number): Float32Array | undefined;
  set(slot: number, vector: Float32Array): void;
  remove(slot: number): void;
  /** Slots of the rows, in row order: Int32Array[size], valid until the next change. */
  slots(): Int32Array;
  /** Dot products of the query with the rows named, or with all rows: Float32Array[rows.length ?? size]. */
  dot(query: Float32Array, rows?: Uint32Array): Float32Array;
}

export function createMatrix(dimension: number, blockRows = BLOCK_ROWS): Matrix {
  const stride = Math.ceil(dimension / 16) * 64;
  const rowsPerBlock = Math.min(blockRows, Math.floor(BLOCK_BYTES / stride));
  const blocks: Block[] = [];
  const rowOf = new Map<number, number>();
  let slotOf = new Int32Array(1024);
  let size = 0;

  const blockOf = (row: number): Block => blocks[Math.floor(row / rowsPerBlock)]!;
  const vectorAt = (row: number): Float32Array => blockOf(row).row(row % rowsPerBlock, dimension);

  return {
    dimension,
    get size() {
      return size;
    },
    has: slot => rowOf.has(slot),
    get(slot) {
      const row = rowOf.get(slot);
      return row === undefined ? undefined : vectorAt(row).slice();
    },
    set(slot, vector) {
      let row = rowOf.get(slot);
      if (row === undefined) {
        row = size;
        if (row === blocks.length * rowsPerBlock) blocks.push(createBlock(stride, rowsPerBlock));
        blockOf(row).reserve((row % rowsPerBlock) + 1);
        if (row === slotOf.length) slotOf = grown(slotOf);
        rowOf.set(slot, row);
        slotOf[row] = slot;
        size++;
      }
      vectorAt(row).set(vector);
    },
    remove(slot) {
      const row = rowOf.get(slot);
      if (row === undefined) return;
      const last = --size;
      if (row !== last) {
        vectorAt(row).set(vectorAt(last));
        slotOf[row] = slotOf[last]!;
        rowOf.set(slotOf[row]!, row);
      }
      rowOf.delete(slot);
    },
    slots: () => slotOf.subarray(0, size),
    dot(query, rows) {
      const scattered = rows && rows.length < size * SCATTERED;
      const scores = new Float32Array(scattered ? rows.length : size);
      if (!scattered) {
        for (let block = 0, from = 0; from < size; block++, from += rowsPerBlock)
          blocks[block]!.dotAll(query, scores.subarray(from, Math.min(size, from + rowsPerBlock)));
        return rows ? picked(scores, rows) : scores;
      }
      // ascending rows fall into the blocks in order, so each block gets one run of them
      for (let from = 0; from < rows.length; ) {
        const block = Math.floor(rows[from]! / rowsPerBlock);
        const first = block * rowsPerBlock;
        let to = from + 1;
        while (to < rows.length && Math.floor(rows[to]! / rowsPerBlock) === block) to++;
        blocks[block]!.dotSome(query, rows.subarray(from, to), first, scores.subarray(from, to));
        from = to;
      }
      return scores;
    },
  };
}

interface Block {
  reserve(rows: number): void;
  /** A view that the next `reserve` may detach. */
  row(row: number, dimension: number): Float32Array;
  dotAll(query: Float32Array, scores: Float32Array): void;
  dotSome(query: Float32Array, rows: Uint32Array, first: number, scores: Float32Array): void;
}

type Dot = (
  query: number,
  matrix: number,
  stride: number,
  rows: number,
  scores: number,
  count: number,
) => void;

const kernel = new WebAssembly.Module(Buffer.from(DOT_KERNEL, 'base64'));

/** One WASM memory: query, row numbers, scores, then the rows. Pages that were never written take no RAM. */
function createBlock(stride: number, capacity: number): Block {
  const rowsAt = stride;
  const allAt = rowsAt + capacity * 4;
  const scoresAt = allAt + capacity * 4;
  const matrixAt = Math.ceil((scoresAt + capacity * 4) / PAGE) * PAGE;
  const pages = (rows: number): number => Math.ceil((matrixAt + rows * stride) / PAGE);
  const memory = new WebAssembly.Memory({ initial: pages(1), maximum: pages(capacity) });
  const { dot } = new WebAssembly.Instance(kernel, { host: { memory } }).exports as { dot: Dot };
  let reserved = Math.floor((pages(1) * PAGE - matrixAt) / stride);
  let identities = 0;

  /** Growing detaches the views, so they are made anew where needed. */
  const floats = (at: number, length: number) => new Float32Array(memory.buffer, at, length);
  const integers = (at: number, length: number) => new Uint32Array(memory.buffer, at, length);

  const run = (query: Float32Array, rows: number, scores: Float32Array): void => {
    const padded = floats(0, stride / 4);
    padded.fill(0);
    padded.set(query);
    dot(0, matrixAt, stride, rows, scoresAt, scores.length);
    scores.set(floats(scoresAt, scores.length));
  };

  return {
    reserve(rows) {
      if (rows <= reserved) return;
      const wanted = Math.min(capacity, Math.max(rows, Math.ceil(reserved * 1.25)));
      memory.grow(pages(wanted) - memory.buffer.byteLength / PAGE);
      reserved = Math.min(capacity, Math.floor((memory.buffer.byteLength - matrixAt) / stride));
    },
    row: (row, dimension) => floats(matrixAt + row * stride, dimension),
    dotAll(query, scores) {
      if (identities < scores.length) {
        const numbers = integers(allAt, capacity);
        for (; identities < scores.length; identities++) numbers[identities] = identities;
      }
      run(query, allAt, scores);
    },
    dotSome(query, rows, first, scores) {
      const numbers = integers(rowsAt, rows.length);
      for (let i = 0; i < rows.length; i++) numbers[i] = rows[i]! - first;
      run(query, rowsAt, scores);
    },
  };
}

/** A loop: `Float32Array.from` with a function takes as long as the scan itself. */
function picked(scores: Float32Array, rows: Uint32Array): Float32Array {
  const some = new Float32Array(rows.length);
  for (let i = 0; i < rows.length; i++) some[i] = scores[rows[i]!]!;
  return some;
}

function grown(array: Int32Array<ArrayBuffer>): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(array.length * 2);
  larger.set(array);
  return larger;
}
