import { type Basis, OCR, OCR_TERMS, VECTOR_OF, VISION } from '../catalog/collection.ts';
import type { ImageReader, Region } from '../catalog/image-description.ts';
import { SemblanceError } from '../errors.ts';
import type { TextEmbedding, TextEncoder } from '../models/encoder.ts';
import { queryTerms, termId } from '../ocr/bm25.ts';
import type { Filter } from '../vectors/filter.ts';
import type { Query, VectorIndex } from '../vectors/vector-index.ts';
import { both, without } from './filters.ts';
import { type Example, type Mode, type Target, targetOf } from './mixture.ts';
import { askedTerms, askWords } from './words-evidence.ts';
import type { WordsToRank } from './words-ranking.ts';

/** Something that results should be like, or with a negative weight unlike. The default weight is 1. */
export type Criterion = { readonly weight?: number | undefined } & (
  | { readonly text: string }
  | { readonly id: string }
  | { readonly image: Uint8Array; readonly region?: Region | undefined }
);

/** One list of results: its criteria on one basis. */
export type Ranking = {
  readonly basis: Basis;
  readonly criteria: readonly Criterion[];
  readonly mode: Mode;
  /** The weight in the fusion with other rankings; default 1. */
  readonly weight?: number | undefined;
  /** Words that rank beside the criteria, by whether they are in the image. On the basis ocr. */
  readonly words?: RankingWords | undefined;
  /** The criteria are these words; explanations don't list them as criteria. */
  readonly ofWords?: true;
};

export type RankingWords = Pick<WordsToRank, 'text' | 'certain'>;

/** A ranking whose request is ready. */
export type PreparedRanking = {
  readonly basis: Basis;
  readonly mode: Mode;
  readonly weight: number;
  readonly examples: readonly (Example & TextEmbedding & { readonly criterion: number })[];
  /** The target of the examples; null when only words rank. */
  readonly target: Target | null;
  /** The query for the target, but for its depth; null where only words rank. */
  readonly dense: (Target & Pick<Query, 'using' | 'filter'>) | null;
  readonly words: WordsToRank | null;
  /** Whether an image is among the criteria: between images, cosines are others. */
  readonly byImages: boolean;
  readonly ofWords: boolean;
  readonly filter: Filter | undefined;
};

export type EncoderPorts = {
  readonly index: VectorIndex;
  readonly text: TextEncoder;
  /** Null while OCR is off. */
  readonly ocrText: TextEncoder | null;
  readonly images: Pick<ImageReader, 'embed'>;
};

/**
 * Gives every criterion its vector: one retrieve for all examples, and each text and image embedded once a
 * basis. An example without a vector on a basis is passed over there, and a ranking without any is dropped, as
 * in Qdrant. Examples are left out of the results. Words learn meanwhile how rare each of them is.
 * @throws basis_unavailable for words while OCR is off; not_found for an example that is not stored
 */
export async function prepareRankings(
  ports: EncoderPorts,
  rankings: readonly Ranking[],
  filter: Filter | undefined,
): Promise<PreparedRanking[]> {
  if (rankings.some(({ basis }) => basis === OCR) && !ports.ocrText)
    throw new SemblanceError('basis_unavailable', 'This server does not read the words in images');
  const ids = [...new Set(rankings.flatMap(({ criteria }) => criteria.flatMap(idOf)))];
  const stored = await storedVectors(ports.index, ids);
  const common = both(filter, without(ids));
  const ask = remembering(ports);
  const prepared = await Promise.all(
    rankings.map(async ranking => {
      const wordsOf = ranking.words ? prepareWords(ports.index, ranking.words) : null;
      const embeddings = await Promise.all(
        ranking.criteria.map(criterion => embeddingOf(ask, stored, ranking.basis, criterion)),
      );
      const examples = embeddings.flatMap((embedding, criterion) =>
        embedding ? [{ ...embedding, criterion, weight: ranking.criteria[criterion]?.weight ?? 1 }] : [],
      );
      const target = targetOf(examples, ranking.mode);
      const words = await wordsOf;
      const { basis, mode, weight = 1 } = ranking;
      if (!target && (words?.terms.indices.length ?? 0) === 0) return [];
      const dense = target && { using: VECTOR_OF[basis], filter: common, ...target };
      const byImages = ranking.criteria.some(criterion => !('text' in criterion));
      const ofWords = ranking.ofWords === true;
      return [{ basis, mode, weight, examples, target, dense, words, byImages, ofWords, filter: common }];
    }),
  );
  return prepared.flat();
}

async function prepareWords(index: VectorIndex, { text, certain }: RankingWords): Promise<WordsToRank> {
  const terms = askedTerms(text).map(term => term.text);
  const idf = await index.idf(OCR_TERMS, terms.map(termOf));
  const known = new Map(terms.map((term, i) => [term, idf[i]]));
  return { text, certain, terms: queryTerms(text), asked: askWords(text, term => known.get(term)) };
}

/** The sparse dimension of a term as `askedTerms` writes it. */
const termOf = (term: string): number => termId(term.replace(' ', ''));

const idOf = (criterion: Criterion): string[] => ('id' in criterion ? [criterion.id] : []);

type StoredVectors = ReadonlyMap<string, Readonly<Record<string, Float32Array>>>;

async function storedVectors(index: VectorIndex, ids: readonly string[]): Promise<StoredVectors> {
  if (ids.length === 0) return new Map();
  const points = await index.retrieve(ids, { vectors: Object.values(VECTOR_OF) });
  const stored = new Map(points.map(point => [point.id, point.vectors]));
  const missing = ids.find(id => !stored.has(id));
  if (missing) throw new SemblanceError('not_found', `There is no image ${missing}`);
  return stored;
}

type Embed = (image: Uint8Array, region?: Region) => Promise<Float32Array>;
type Encoders = Pick<EncoderPorts, 'text' | 'ocrText'> & { readonly embed: Embed };

/** An image is embedded once, also when several criteria name it: its reader may take the bytes away. */
function remembering({ text, ocrText, images }: EncoderPorts): Encoders {
  const vectors = new Map<Uint8Array, Promise<Float32Array>>();
  return {
    text,
    ocrText,
    embed(image, region) {
      if (region) return images.embed(image.slice(), region);
      const vector = vectors.get(image) ?? images.embed(image);
      vectors.set(image, vector);
      return vector;
    },
  };
}

async function embeddingOf(
  encoders: Encoders,
  stored: StoredVectors,
  basis: Basis,
  criterion: Criterion,
): Promise<TextEmbedding | undefined> {
  if ('id' in criterion) return inOnePart(stored.get(criterion.id)?.[VECTOR_OF[basis]]);
  if ('image' in criterion)
    return basis === VISION ? inOnePart(await encoders.embed(criterion.image, criterion.region)) : undefined;
  if (basis === VISION) return await encoders.text.encodeText(criterion.text);
  return await encoders.ocrText?.encodeText(criterion.text.trim().toLowerCase());
}

const inOnePart = (vector: Float32Array | undefined): TextEmbedding | undefined =>
  vector && { vector, parts: 1 };
