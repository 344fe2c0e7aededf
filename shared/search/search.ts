import { type Basis, VECTOR_OF, VISION } from '../catalog/collection.ts';
import type { OcrLine } from '../catalog/ocr-line.ts';
import type { Filter } from '../vectors/filter.ts';
import type { StoredPoint, VectorIndex } from '../vectors/vector-index.ts';
import { bandOf } from './chance.ts';
import { countFacets, type FacetName, type Facets } from './facets.ts';
import { both, type SearchFilters, toFilter } from './filters.ts';
import { type IndexedImage, imageOf, LISTED } from './images.ts';
import type { Parts, RankedPoint } from './judged.ts';
import { type KnownModel, unknownLanguage } from './language.ts';
import { sharesOf } from './mixture.ts';
import { type Notice, nothingFits } from './notices.ts';
import { checkDepth, type PagePorts, type PageRequest, pageOf } from './page.ts';
import { type PreparedRanking, prepareRankings, type Ranking } from './rankings.ts';
import { matchedLines } from './words.ts';

export type SearchPorts = PagePorts & {
  /** Models that a language notice can name. */
  readonly models: readonly KnownModel[];
};

export type Page = { readonly count: number; readonly skip: number };

export type SearchRequest = PageRequest & {
  readonly rankings: readonly Ranking[];
  readonly filters: SearchFilters;
  /** Beside the filters. */
  readonly restriction?: Filter | undefined;
  /** Words that explanations point out in the images, beside those that rank. */
  readonly words?: string | undefined;
  readonly facets?: readonly FacetName[] | undefined;
};

export type Hit = IndexedImage & {
  readonly score: number;
  /** 0 to 1: how unlikely it is that chance alone brought such a score. Where the request asks for it. */
  readonly fit?: number | undefined;
  readonly explain?: Explanation | undefined;
};

export type Explanation = {
  /** Of each criterion on each basis; in average mode they add up to the list's score. */
  readonly criteria: readonly { readonly criterion: number; readonly basis: Basis; readonly share: number }[];
  /** For each list: the rank from 0, and what it adds to the score. */
  readonly bases: readonly { readonly basis: Basis; readonly rank: number; readonly share: number }[];
  /** What found it: how much each part alone speaks for the image. */
  readonly parts: Parts;
  /** Lines in the image that contain words of the search. */
  readonly words: readonly OcrLine[];
};

export type SearchResponse = {
  readonly hits: readonly Hit[];
  readonly facets: Facets;
  /** What the person should know of the response. */
  readonly notices: readonly Notice[];
  /** ms. */
  readonly timings: { readonly embed: number; readonly index: number };
};

/**
 * Asks the index for the images that the rankings describe, best first: at most one retrieve for examples and
 * one batch of queries, with which the images of a single list come; a fused or explained page costs one retrieve
 * more. One ranking keeps its own scores; several are fused. Equal scores order by id, so pages neither overlap
 * nor leave gaps.
 * @throws page_too_deep, basis_unavailable, not_found, empty_query
 */
export async function search(ports: SearchPorts, request: SearchRequest): Promise<SearchResponse> {
  checkDepth(request);
  const started = performance.now();
  const filter = both(toFilter(request.filters), request.restriction);
  const rankings = await prepareRankings(ports, request.rankings, filter);
  const embedded = performance.now();
  const [points, facets] = await Promise.all([
    pageOf(ports, rankings, request.rankings.length, request),
    countFacets(ports.index, request.facets ?? [], filter),
  ]);
  const stored = await storedOf(ports.index, points, rankings, request);
  const texts = request.rankings.flatMap(({ basis, criteria }) =>
    basis === VISION ? criteria.flatMap(c => ('text' in c ? [c.text] : [])) : [],
  );
  const language = unknownLanguage(texts, ports.text.model, ports.models);
  const hits = points.flatMap(point => {
    const found = stored.get(point.id);
    if (!found) return [];
    const image = imageOf(found);
    const explain = request.explain ? explanationOf(rankings, request.words, point, found, image) : undefined;
    return [{ ...image, score: point.score, fit: language ? unlessNone(point.fit) : point.fit, explain }];
  });
  return {
    hits,
    facets,
    notices: noticesOf({
      language,
      parts: Math.max(1, ...rankings.flatMap(partsOnVision)),
      hits: request.skip === 0 ? hits : [],
    }),
    timings: { embed: embedded - started, index: performance.now() - embedded },
  };
}

/**
 * Measures by what it is judged how well images fit. Only searches whose order depends on it wait for it; a caller
 * that needs the fits of other searches can wait here.
 * @throws what the index and the encoders throw
 */
export async function measureFits(
  { calibrations, text, ocrText }: Pick<SearchPorts, 'calibrations' | 'text' | 'ocrText'>,
  bases: Iterable<Basis>,
): Promise<void> {
  for (const basis of new Set(bases)) {
    const encoder = basis === VISION ? text : ocrText;
    if (encoder) await calibrations.measured(VECTOR_OF[basis], encoder);
  }
}

type Noticed = {
  readonly language: Notice | null;
  /** In how many parts the longest text was searched for. */
  readonly parts: number;
  readonly hits: readonly Hit[];
};

/** The encoder of words reads any text in windows, so no notice is needed. */
const partsOnVision = ({ basis, examples }: PreparedRanking): number[] =>
  basis === VISION ? examples.map(({ parts }) => parts) : [];

/** A model that doesn't know the language of a text can't judge that an image doesn't fit it. */
const unlessNone = (fit: number | undefined): number | undefined =>
  fit !== undefined && bandOf(fit) === 'none' ? undefined : fit;

function noticesOf({ language, parts, hits }: Noticed): Notice[] {
  const unfit = nothingFits(hits.map(({ fit }) => fit));
  return [
    ...(parts > 1 ? [{ code: 'text_in_parts' as const, parts }] : []),
    ...(language ? [language] : unfit ? [{ code: 'nothing_fits' as const }] : []),
  ];
}

/** A page of the collection in an order that the seed decides; without a seed another one each time. */
export async function searchRandom(
  index: VectorIndex,
  request: Page & { readonly filters: SearchFilters; readonly seed?: string | undefined },
): Promise<Hit[]> {
  checkDepth(request);
  const { skip, count, filters, seed } = request;
  const filter = toFilter(filters);
  if (seed === undefined && skip === 0) {
    const drawn = await index.sample({ filter, limit: count });
    return drawn.map((point, i) => ({ ...imageOf(point), score: 1 - (i + 0.5) / drawn.length }));
  }
  const points = await index.shuffle({ filter, seed: seed ?? crypto.randomUUID(), skip, limit: count });
  const stored = await index.retrieve(
    points.map(({ id }) => id),
    { payload: LISTED },
  );
  const scores = new Map(points.map(({ id, score }) => [id, score]));
  return stored.map(point => ({ ...imageOf(point), score: scores.get(point.id) ?? 0 }));
}

/** The points with all that the response says of them; those that came with their payload are not retrieved again. */
async function storedOf(
  index: VectorIndex,
  points: readonly RankedPoint[],
  rankings: readonly PreparedRanking[],
  { explain }: SearchRequest,
): Promise<ReadonlyMap<string, StoredPoint>> {
  const came = points.flatMap(({ id, payload }) => (payload ? [{ id, payload, vectors: {} }] : []));
  const whole = !explain && came.length === points.length;
  const stored = whole
    ? came
    : await index.retrieve(
        points.map(({ id }) => id),
        explain
          ? { vectors: [...new Set(rankings.map(({ basis }) => VECTOR_OF[basis]))] }
          : { payload: LISTED },
      );
  return new Map(stored.map(point => [point.id, point]));
}

function explanationOf(
  rankings: readonly PreparedRanking[],
  words: string | undefined,
  point: RankedPoint,
  stored: StoredPoint,
  { payload }: IndexedImage,
): Explanation {
  const bases = rankings.flatMap(({ basis }, i) => {
    const place = point.ranks[i];
    return place ? [{ basis, ...place }] : [];
  });
  const criteria = rankings.flatMap(({ basis, examples, target, ofWords }) => {
    const vector = stored.vectors[VECTOR_OF[basis]];
    if (!vector || !target || ofWords) return [];
    const shares = sharesOf(examples, target, vector);
    return examples.map(({ criterion }, i) => ({ criterion, basis, share: shares[i] ?? 0 }));
  });
  const asked = [words ?? '', ...rankings.map(ranking => ranking.words?.text ?? '')].join(' ');
  return { criteria, bases, parts: point.parts ?? [], words: matchedLines(payload.ocr_lines, asked) };
}
