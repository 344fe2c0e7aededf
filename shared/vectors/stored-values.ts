import Database from 'better-sqlite3';
import type { Payload, SparseVector } from './vector-index.ts';

/** How payloads and vectors are written in the index file. */

/** @throws SqliteError for what is no JSON object */
export function parsePayload(text: string): Payload {
  try {
    const payload: unknown = JSON.parse(text);
    if (isPayload(payload)) return payload;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  throw damaged('a payload is not a JSON object');
}

const isPayload = (value: unknown): value is Payload =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export const encodeDense = (vector: Float32Array): Uint8Array =>
  new Uint8Array(vector.buffer, vector.byteOffset, vector.byteLength);

export function decodeDense(data: Uint8Array, dimension: number): Float32Array {
  if (data.byteLength !== dimension * 4) throw damaged('a vector has the wrong size');
  const { buffer, byteOffset } = data.byteOffset % 4 === 0 ? data : data.slice();
  return new Float32Array(buffer, byteOffset, dimension);
}

/** All terms, then all weights, four bytes each. */
export function encodeSparse({ indices, values }: SparseVector): Uint8Array {
  const data = new Uint8Array(indices.length * 8);
  new Uint32Array(data.buffer, 0, indices.length).set(indices);
  new Float32Array(data.buffer, indices.length * 4).set(values);
  return data;
}

export function decodeSparse(data: Uint8Array): SparseVector {
  if (data.byteLength % 8 !== 0) throw damaged('a sparse vector has the wrong size');
  const { buffer } = data.slice();
  const half = data.byteLength / 2;
  return { indices: [...new Uint32Array(buffer, 0, half / 4)], values: [...new Float32Array(buffer, half)] };
}

/** What SQLite itself throws for a damaged file. */
export const damaged = (what: string): Error => new Database.SqliteError(what, 'SQLITE_CORRUPT');
