import { setImmediate } from 'node:timers/promises';
import type { Log } from '../log.ts';
import type { TextEncoder } from '../models/encoder.ts';
import { dot } from '../vectors/exact-vectors.ts';
import { unit } from '../vectors/unit.ts';
import type { VectorIndex } from '../vectors/vector-index.ts';
import { type Chance, chanceOf } from './chance.ts';

/** How scores in one vector space are to be read. */
export type Calibration = {
  /** The chance of a cosine between a text and an image. */
  readonly texts: Chance;
  /** The same of what `withoutHubs` leaves: it shows better whether anything fits, but ranks no better. */
  readonly corrected: Chance;
  /** The chance of a cosine between two images. */
  readonly images: Chance;
  /** The direction in which images score high with everything; what is taken off a text's vector. */
  readonly hub: Float32Array;
};

export type Calibrations = {
  /**
   * What is known of a vector now, so that no search waits whose order does not depend on it: null until it was first
   * measured, and while too few images have the vector. What is missing or old is measured beside the search.
   */
  known(vector: string, encoder: TextEncoder): Calibration | null;
  /** The same when it is measured. @throws what the index and the encoder throw */
  measured(vector: string, encoder: TextEncoder): Promise<Calibration | null>;
  /** Measures no further; resolves when the encoders and the index are no longer used and may be closed. */
  close(): Promise<void>;
};

/**
 * Texts that hardly any image fits, so what they score is what chance brings. Searches in either language are
 * compared with those of both together: the dozen texts of one language are too few to measure what chance brings.
 */
const UNRELATED = {
  en: [
    'dialysis machine',
    'cuneiform tablet',
    'laboratory centrifuge',
    'land surveyor with a theodolite',
    'pipes of a church organ',
    'letterpress printing shop',
    'hydraulic car jack',
    'monk copying a manuscript',
    'gas mask',
    'weaving loom',
    'shareholders meeting',
    'slide rule',
  ],
  zh: [
    '血液透析机',
    '楔形文字泥板',
    '实验室离心机',
    '用经纬仪测量的人',
    '教堂管风琴',
    '活字印刷车间',
    '液压千斤顶',
    '抄经的僧人',
    '防毒面具',
    '织布机',
    '股东大会',
    '计算尺',
  ],
} as const;

/** How much of the hub direction is taken off. */
const HUB = 0.5;

/** Vectors that are compared with; ids are hashes, so the first in their order are a fair sample. */
const SAMPLE = 400;
/** Fewer images are too few to measure what chance brings. */
const LEAST_SAMPLE = 8;

/** ms after which a calibration is renewed, since images came and went; sooner where a few more change much. */
const LIFETIME = 600_000;
const LIFETIME_OF_FEW = 15_000;

type Made = { readonly calibration: Calibration | null; readonly until: number };

/** Calibrations by vector; an older one serves until the next is made. */
export function openCalibrations(index: VectorIndex, log: Pick<Log, 'warn'>): Calibrations {
  const made = new Map<string, Made>();
  const making = new Map<string, Promise<Calibration | null>>();
  const unrelated = new Map<string, readonly Float32Array[]>();
  const closing = new AbortController();

  async function textsOf(vector: string, encoder: TextEncoder): Promise<readonly Float32Array[]> {
    const texts = unrelated.get(vector) ?? (await embedUnrelated(encoder, closing.signal));
    unrelated.set(vector, texts);
    return texts;
  }
  async function make(vector: string, encoder: TextEncoder): Promise<Calibration | null> {
    const { sample, images } = await drawSample(index, vector);
    // Texts are embedded only where they are needed: a search may wait for it.
    const calibration =
      sample.length < LEAST_SAMPLE ? null : await calibrate(await textsOf(vector, encoder), sample, images);
    const lifetime = sample.length < SAMPLE ? LIFETIME_OF_FEW : LIFETIME;
    made.set(vector, { calibration, until: performance.now() + lifetime });
    return calibration;
  }
  function makeOnce(vector: string, encoder: TextEncoder): Promise<Calibration | null> {
    const work = making.get(vector) ?? make(vector, encoder).finally(() => making.delete(vector));
    making.set(vector, work);
    return work;
  }
  const fresh = (vector: string): Made | undefined => {
    const last = made.get(vector);
    return last && performance.now() < last.until ? last : undefined;
  };
  return {
    known(vector, encoder) {
      if (!fresh(vector))
        makeOnce(vector, encoder).catch((error: unknown) => {
          if (closing.signal.aborted) return;
          log.warn('How well images fit could not be measured; the next search tries again', {
            vector,
            error,
          });
        });
      return made.get(vector)?.calibration ?? null;
    },
    measured: async (vector, encoder) => {
      const last = fresh(vector);
      return last ? last.calibration : makeOnce(vector, encoder);
    },
    async close() {
      closing.abort();
      await Promise.allSettled(making.values());
    },
  };
}

type Sample = { readonly sample: readonly Float32Array[]; readonly images: number };

async function drawSample(index: VectorIndex, vector: string): Promise<Sample> {
  const filter = { must: [{ has_vector: vector }] };
  const [{ points }, images] = await Promise.all([
    index.scroll({ filter, limit: SAMPLE, payload: false, vectors: [vector] }),
    index.count(filter),
  ]);
  return { sample: points.flatMap(point => point.vectors[vector] ?? []), images };
}

/** A function of its arguments alone, so that every process reads the scores of a collection alike. */
async function calibrate(
  texts: readonly Float32Array[],
  sample: readonly Float32Array[],
  images: number,
): Promise<Calibration> {
  const hub = meanOf(texts).map(value => value * HUB);
  const corrected = texts.map(text => withoutHubs(text, hub));
  return {
    texts: chanceOf(await scoresOf(texts, sample), images),
    corrected: chanceOf(await scoresOf(corrected, sample), images),
    images: chanceOf(await scoresOf(sample, sample, KIN), images),
    hub,
  };
}

/** Of each image's nearest so many are left out: itself, and what may well be a copy of it. */
const KIN = 2;

/** One after the other: a search that comes meanwhile waits for one of them at the most. */
async function embedUnrelated(encoder: TextEncoder, signal: AbortSignal): Promise<Float32Array[]> {
  const { languages } = encoder.model;
  const chinese = languages.includes('*') || languages.includes('zh');
  const vectors: Float32Array[] = [];
  for (const text of chinese ? [...UNRELATED.en, ...UNRELATED.zh] : UNRELATED.en) {
    signal.throwIfAborted();
    vectors.push((await encoder.encodeText(text)).vector);
    await setImmediate();
  }
  return vectors;
}

/** A text's vector less the direction in which hubs lie; not of unit length. */
export const withoutHubs = (text: Float32Array, hub: Float32Array): Float32Array =>
  text.map((value, d) => value - hub[d]!);

/** The same as a query and by what its cosines are multiplied to be dot products. */
export function hubQuery(
  text: Float32Array,
  hub: Float32Array,
): { readonly nearest: Float32Array; readonly length: number } {
  const vector = withoutHubs(text, hub);
  return { nearest: unit(vector), length: Math.hypot(...vector) };
}

/**
 * Others get their turn between two of some.
 * @param leftOut how many of each one's highest scores are left out
 */
async function scoresOf(
  some: readonly Float32Array[],
  others: readonly Float32Array[],
  leftOut = 0,
): Promise<Float64Array> {
  const scores: number[] = [];
  for (const one of some) {
    const each = others.map(other => dot(one, other)).sort((a, b) => b - a);
    scores.push(...each.slice(leftOut));
    await setImmediate();
  }
  return Float64Array.from(scores);
}

function meanOf(vectors: readonly Float32Array[]): Float32Array {
  const mean = new Float32Array(vectors[0]?.length ?? 0);
  for (const vector of vectors) for (const [d, value] of vector.entries()) mean[d]! += value / vectors.length;
  return mean;
}
