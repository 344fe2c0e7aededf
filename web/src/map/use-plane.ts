import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '../api/api.ts';
import type { MapImage } from '../api/types.ts';
import { readPlane, type StoredPlane, writePlane } from './plane-store.ts';
import type { PlaneRequest, PlaneResponse } from './plane-worker.ts';

/** Images that a map has at most; of more, those with the lowest ids, which are as good as drawn at random. */
export const MOST_ON_MAP = 20_000;
/** Share of new images from which on all are laid out again. */
const TOO_NEW = 0.3;

export type Plane = { readonly images: readonly MapImage[]; readonly positions: Float32Array };

export type PlaneState = {
  readonly plane: Plane | null;
  /** 0 to 1 while it is on its way. */
  readonly progress: number;
  readonly error: Error | null;
};

/**
 * The images of the library on a plane, alike ones near each other. One that is there stays while it is made again, with
 * what is new and without what is gone.
 * @param round changed to lay them out again
 */
export function usePlane(round: number): PlaneState {
  const client = useQueryClient();
  const [progress, setProgress] = useState(0);
  const queryKey = ['plane', round];
  const { data, error } = useQuery({
    queryKey,
    queryFn: ({ signal }) => {
      const before = client.getQueryData<Plane>(queryKey) ?? null;
      return makePlane(before, round > 0 && before === null, setProgress, signal);
    },
    gcTime: 0,
    structuralSharing: false,
  });
  return { plane: data ?? null, progress, error };
}

async function makePlane(
  before: Plane | null,
  again: boolean,
  onProgress: (done: number) => void,
  signal: AbortSignal,
): Promise<Plane> {
  const images: MapImage[] = [];
  const codes: Uint8Array[] = [];
  let dimension = 1;
  let offset: string | null = null;
  do {
    const page = await api.sketches(offset, signal);
    images.push(...page.images);
    codes.push(Uint8Array.from(atob(page.codes), letter => letter.charCodeAt(0)));
    dimension = page.dimension;
    offset = page.next;
    onProgress(0.2 * Math.min(1, images.length / MOST_ON_MAP));
  } while (offset !== null && images.length < MOST_ON_MAP);

  if (before && sameImages(before.images, images)) return before;
  const stored = again ? null : await readPlane();
  const known = stored && knownPositions(images, stored);
  const request: PlaneRequest = { codes: joined(codes), dimension, known };
  const positions = await project(request, done => onProgress(0.2 + 0.8 * done), signal);
  await writePlane({ ids: images.map(({ id }) => id), positions });
  return { images, positions };
}

const sameImages = (a: readonly MapImage[], b: readonly MapImage[]): boolean =>
  a.length === b.length && a.every(({ id }, i) => id === b[i]?.id);

/** Where the images stood; null where too many are new. */
function knownPositions(images: readonly MapImage[], stored: StoredPlane): Float32Array | null {
  const places = new Map(stored.ids.map((id, i) => [id, i]));
  const known = new Float32Array(2 * images.length).fill(Number.NaN);
  let fresh = 0;
  for (const [i, { id }] of images.entries()) {
    const place = places.get(id);
    if (place === undefined) fresh += 1;
    else known.set(stored.positions.subarray(2 * place, 2 * place + 2), 2 * i);
  }
  return fresh > TOO_NEW * images.length ? null : known;
}

function joined(parts: readonly Uint8Array[]): Int8Array {
  const whole = new Int8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let first = 0;
  for (const part of parts) {
    whole.set(new Int8Array(part.buffer, part.byteOffset, part.length), first);
    first += part.length;
  }
  return whole;
}

function project(
  request: PlaneRequest,
  onProgress: (done: number) => void,
  signal: AbortSignal,
): Promise<Float32Array> {
  const worker = new Worker(new URL('./plane-worker.ts', import.meta.url), { type: 'module' });
  return new Promise<Float32Array>((resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
    worker.onerror = event => reject(new Error(event.message || 'The map could not be computed'));
    worker.onmessage = ({ data }: MessageEvent<PlaneResponse>) => {
      if (data.type === 'progress') onProgress(data.done);
      else resolve(data.positions);
    };
    worker.postMessage(request);
  }).finally(() => worker.terminate());
}
