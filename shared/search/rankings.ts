import { type Basis, OCR, OCR_TERMS, VECTOR_OF, VISION } from '../catalog/collection.ts';
import type { ImageReader } from '../catalog/image-description.ts';
import { SemblanceError } from '../errors.ts';
import type { TextEncoder } from '../models/encoder.ts';
import { queryTerms } from '../ocr/bm25.ts';
import type { Filter } from '../vectors/filter.ts';
import type { Query, SparseQuery, VectorIndex } from '../vectors/vector-index.ts';
import { both, without } from './filters.ts';
import { type Example, type Mode, type Target, targetOf } from './mixture.ts';

/** Something that results should be like, or with a negative weight unlike. Weight 1 unless told. */
export type Criterion = { readonly weight?: number | undefined } & (
  | { readonly text: string }
  | { readonly id: string }
  | { readonly image: Uint8Array }
);

/** One list of results: its criteria on one basis. */
export type Ranking = {
  readonly basis: Basis;
  readonly criteria: readonly Criterion[];
  readonly mode: Mode;
  /** In the fusion with other rankings; 1 unless told. */
  readonly weight?: number | undefined;
  /** Words that BM25 ranks beside the criteria; both rankings are fused to one. On the basis ocr. */
  readonly words?: string | undefined;
};

/** A ranking that is ready to be asked. */
export type PreparedRanking = {
  readonly basis: Basis;
  readonly mode: Mode;
  readonly weight: number;
  readonly examples: readonly (Example & { readonly criterion: number })[];
  /** Of the examples; null when only words rank. */
  readonly target: Target | null;
  /** All that the index is asked; several are fused. */
  readonly questions: readonly Question[];
  readonly words: string | undefined;
};

/** A query but for its depth. */
type Question =
  | (Target & Pick<Query, 'using' | 'filter'>)
  | (Pick<SparseQuery, 'sparse'> & Pick<Query, 'using' | 'filter'>);

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
 * in Qdrant. Examples are left out of the results.
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
      const vectors = await Promise.all(ranking.criteria.map(c => vectorOf(ask, stored, ranking.basis, c)));
      const examples = vectors.flatMap((vector, criterion) =>
        vector ? [{ vector, criterion, weight: ranking.criteria[criterion]?.weight ?? 1 }] : [],
      );
      const target = targetOf(examples, ranking.mode);
      const terms = ranking.words === undefined ? null : queryTerms(ranking.words);
      const { basis, mode, weight = 1, words } = ranking;
      const questions: Question[] = [
        ...(target ? [{ using: VECTOR_OF[basis], filter: common, ...target }] : []),
        ...(terms?.indices.length ? [{ using: OCR_TERMS, filter: common, sparse: terms }] : []),
      ];
      return questions.length > 0 ? [{ basis, mode, weight, examples, target, questions, words }] : [];
    }),
  );
  return prepared.flat();
}

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

type Embed = (image: Uint8Array) => Promise<Float32Array>;
type Encoders = Pick<EncoderPorts, 'text' | 'ocrText'> & { readonly embed: Embed };

/** An image is embedded once, also when several criteria name it: its reader may take the bytes away. */
function remembering({ text, ocrText, images }: EncoderPorts): Encoders {
  const vectors = new Map<Uint8Array, Promise<Float32Array>>();
  return {
    text,
    ocrText,
    embed(image) {
      const vector = vectors.get(image) ?? images.embed(image);
      vectors.set(image, vector);
      return vector;
    },
  };
}

async function vectorOf(
  encoders: Encoders,
  stored: StoredVectors,
  basis: Basis,
  criterion: Criterion,
): Promise<Float32Array | undefined> {
  if ('id' in criterion) return stored.get(criterion.id)?.[VECTOR_OF[basis]];
  if ('image' in criterion) return basis === VISION ? await encoders.embed(criterion.image) : undefined;
  if (basis === VISION) return await encoders.text.encodeText(criterion.text);
  return await encoders.ocrText?.encodeText(criterion.text.trim().toLowerCase());
}
