import { UMAP } from 'umap-js';
import { placeNew, randomFrom } from './place-new.ts';

/** Images to be placed, with their sketches, and where those stood that were placed before (NaN: new). */
export type PlaneRequest = {
  readonly codes: Int8Array;
  readonly dimension: number;
  readonly known: Float32Array | null;
};

/** How far it is, or at the end where each image stands: x and y in turns. */
export type PlaneResponse =
  | { readonly type: 'progress'; readonly done: number }
  | { readonly type: 'done'; readonly positions: Float32Array };

const NEIGHBOURS = 12;
const EPOCHS = 160;
/** The same images always make the same plane. */
const SEED = 20_261;
/** Share of the time that looking for neighbours takes. */
const SEARCH_SHARE = 0.5;

const post = (response: PlaneResponse) => postMessage(response);

addEventListener('message', (event: MessageEvent<PlaneRequest>) => {
  const { codes, dimension, known } = event.data;
  const positions = known ? placeNew(codes, dimension, known) : project(codes, dimension);
  post({ type: 'done', positions });
});

/** Lays the images out so that alike ones are near: UMAP (McInnes, Healy, Melville 2018). */
function project(codes: Int8Array, dimension: number): Float32Array {
  const count = codes.length / dimension;
  const positions = new Float32Array(2 * count);
  if (count <= NEIGHBOURS + 1) {
    for (let i = 0; i < count; i++)
      positions.set([Math.cos(i * 2.4) * Math.sqrt(i), Math.sin(i * 2.4) * Math.sqrt(i)], 2 * i);
    return positions;
  }
  const rows = Array.from({ length: count }, (_, i) =>
    Array.from(codes.subarray(i * dimension, (i + 1) * dimension), value => value / 127),
  );
  const umap = new UMAP({
    nNeighbors: NEIGHBOURS,
    nEpochs: EPOCHS,
    minDist: 0.3,
    spread: 1.2,
    random: randomFrom(SEED),
  });
  const epochs = umap.initializeFit(rows);
  for (let epoch = 0; epoch < epochs; epoch++) {
    umap.step();
    if (epoch % 8 === 0)
      post({ type: 'progress', done: SEARCH_SHARE + ((1 - SEARCH_SHARE) * epoch) / epochs });
  }
  for (const [i, [x = 0, y = 0]] of umap.getEmbedding().entries()) positions.set([x, y], 2 * i);
  return positions;
}
