import { OCR, VECTOR_OF } from '../catalog/collection.ts';
import { SemblanceError } from '../errors.ts';
import type { Query, ScoredPoint } from '../vectors/vector-index.ts';
import { type Calibration, type Calibrations, hubQuery } from './calibration.ts';
import { chanceOfRanked } from './chance.ts';
import { LISTED } from './images.ts';
import { type Judged, joinByFit, type RankedPoint } from './judged.ts';
import { FUSION_DEPTH, fuse, MAX_DEPTH, rrfShare } from './ranking.ts';
import type { EncoderPorts, PreparedRanking } from './rankings.ts';
import { rankWords, wordsQueries } from './words-ranking.ts';

export type PagePorts = EncoderPorts & { readonly calibrations: Calibrations };

export type PageRequest = {
  readonly count: number;
  readonly skip: number;
  /** How several rankings become one: by how well images fit, or by reciprocal ranks, as NekoImageGallery does. */
  readonly fusion: 'fit' | 'ranks';
  /** Cosine; for a single ranking that is by cosine. */
  readonly minScore?: number | undefined;
  /** 0 to 1. */
  readonly minFit?: number | undefined;
  /** Whether images come with their fit, where it isn't needed anyway. */
  readonly fit?: boolean | undefined;
  readonly explain?: boolean | undefined;
};

/** @throws page_too_deep */
export function checkDepth({ skip, count }: Pick<PageRequest, 'skip' | 'count'>): void {
  if (skip + count > MAX_DEPTH)
    throw new SemblanceError('page_too_deep', `skip + count is ${skip + count}, more than ${MAX_DEPTH}`);
}

/** The images of the page, best first, in one batch of queries. */
export async function pageOf(
  ports: PagePorts,
  rankings: readonly PreparedRanking[],
  asked: number,
  request: PageRequest,
): Promise<RankedPoint[]> {
  const [only] = rankings;
  if (!only) return [];
  const single = asked === 1;
  if (single && !only.words && request.minFit === undefined) return windowByCosine(ports, only, request);
  if (request.fusion === 'ranks') return pageByRanks(ports, rankings, request);
  return pageByFit(ports, rankings, single, request);
}

/** Scores are f32, thresholds strict: what equals min_score stays in. */
const SCORE_EPSILON = 1e-6;

/** Beyond the page, so that what the hub correction moves is in the corrected list too. */
const FIT_MARGIN = 100;

/** A window of one list, which the index pages itself to any depth. */
async function windowByCosine(
  ports: PagePorts,
  ranking: PreparedRanking,
  { skip, count, minScore, explain = false, fit = false }: PageRequest,
): Promise<RankedPoint[]> {
  if (!ranking.dense) return [];
  const scoreThreshold = minScore === undefined ? undefined : minScore - SCORE_EPSILON;
  const payload = explain ? false : LISTED;
  const page = { ...ranking.dense, offset: skip, limit: count, payload, scoreThreshold };
  const judge = fit ? judgeOf(ranking, await calibrationOf(ports, ranking, 'known')) : null;
  const limit = Math.min(FUSION_DEPTH, skip + count + FIT_MARGIN);
  const [list = [], corrected = []] = await ports.index.query([page, ...(judge?.queries(limit) ?? [])]);
  const fits = judge?.fits(list, corrected);
  return list.map((point, i) => ({
    ...point,
    ...(fits ? { fit: fits[i], parts: partsOf(ranking, fits[i] ?? 0) } : {}),
    ranks: [{ rank: skip + i, share: point.score }],
  }));
}

async function pageByRanks(
  { index }: PagePorts,
  rankings: readonly PreparedRanking[],
  { skip, count }: PageRequest,
): Promise<RankedPoint[]> {
  const lists = await index.query(
    rankings.flatMap(({ dense }) => (dense ? [{ ...dense, limit: FUSION_DEPTH }] : [])),
  );
  const weights = rankings.map(({ weight }) => weight);
  return fuse(lists, { weights })
    .slice(skip, skip + count)
    .map(({ ranks, ...point }) => ({
      ...point,
      ranks: ranks.map((rank, i) => (rank === null ? null : { rank, share: rrfShare(rank, weights[i]) })),
    }));
}

async function pageByFit(
  ports: PagePorts,
  rankings: readonly PreparedRanking[],
  single: boolean,
  { skip, count, minScore, minFit }: PageRequest,
): Promise<RankedPoint[]> {
  const end = skip + count;
  // Where fits decide which images stand where, the search waits until they are measured. Otherwise two pages, of which
  // one was requested before and one after, or from another process, would be of different lists.
  const when = single && minFit === undefined ? 'known' : 'measured';
  const calibrations = await Promise.all(rankings.map(ranking => calibrationOf(ports, ranking, when)));
  const readers = rankings.map((ranking, i) => {
    const calibration = calibrations[i] ?? null;
    return ranking.words
      ? readerOfWords(ranking, calibration, single ? end : 0)
      : readerOfCosines(ranking, calibration, minScore);
  });
  const lists = await ports.index.query(readers.flatMap(({ queries }) => queries));
  const judged = readers.map(({ queries, read }) => read(lists.splice(0, queries.length)));
  const [only = []] = judged;
  const ranked = single
    ? only.map((point, rank) => ({ ...point, ranks: [{ rank, share: point.score }] }))
    : joinByFit(
        judged,
        rankings.map(({ weight }) => weight),
      );
  return ranked.filter(({ fit = 0 }) => fit >= (minFit ?? 0)).slice(skip, end);
}

/** How the scores of a ranking are to be read: as far as it is known now, or when it is measured. */
function calibrationOf(
  { calibrations, text, ocrText }: PagePorts,
  { basis, dense }: PreparedRanking,
  when: 'known' | 'measured',
): Promise<Calibration | null> | Calibration | null {
  const encoder = basis === OCR ? ocrText : text;
  return dense && encoder ? calibrations[when](VECTOR_OF[basis], encoder) : null;
}

/** What a ranking asks of the index, and how the responses become its list. */
type Reader = {
  readonly queries: readonly Query[];
  read(lists: readonly (readonly ScoredPoint[])[]): Judged[];
};

function readerOfWords(
  { words, dense, filter }: PreparedRanking,
  calibration: Calibration | null,
  end: number,
): Reader {
  if (!words) throw new TypeError('a ranking without words');
  const { heads, tails } = wordsQueries(words, dense, filter, FUSION_DEPTH, end);
  return {
    queries: [...heads, ...tails],
    read(lists) {
      const byMeaning = (all: typeof lists) => (dense ? (all[0] ?? []) : []);
      const byWords = (all: typeof lists) => all[dense ? 1 : 0] ?? [];
      const [head, tail] = [lists.slice(0, heads.length), lists.slice(heads.length)];
      return rankWords(
        words,
        {
          meaning: byMeaning(head),
          words: byWords(head),
          moreMeaning: byMeaning(tail),
          moreWords: byWords(tail),
        },
        calibration?.texts ?? null,
      );
    },
  };
}

function readerOfCosines(
  ranking: PreparedRanking,
  calibration: Calibration | null,
  minScore: number | undefined,
): Reader {
  const { dense } = ranking;
  if (!dense) return { queries: [], read: () => [] };
  const scoreThreshold = minScore === undefined ? undefined : minScore - SCORE_EPSILON;
  const judge = judgeOf(ranking, calibration) ?? judgeByList(ranking);
  return {
    queries: [{ ...dense, limit: FUSION_DEPTH, scoreThreshold }, ...judge.queries(FUSION_DEPTH)],
    read([list = [], corrected = []]) {
      const fits = judge.fits(list, corrected);
      return list.map((point, i) => ({ ...point, fit: fits[i] ?? 0, parts: partsOf(ranking, fits[i] ?? 0) }));
    },
  };
}

const partsOf = ({ basis }: PreparedRanking, fit: number) => [
  { part: basis === OCR ? ('meaning' as const) : ('image' as const), fit },
];

/** How the scores of a list become fits. */
type Judge = {
  /** A second request beside the list: the same without the direction of the hubs. */
  queries(limit: number): Query[];
  fits(list: readonly ScoredPoint[], corrected: readonly ScoredPoint[]): number[];
};

/** Null while it is not known what chance brings. */
function judgeOf(ranking: PreparedRanking, calibration: Calibration | null): Judge | null {
  const { dense, byImages } = ranking;
  if (!calibration) return null;
  if (!byImages && dense && 'nearest' in dense) return correctedJudge(dense, calibration);
  const chance = byImages ? calibration.images : calibration.texts;
  return plainJudge(scores => scores.map(score => chance.fit(cosineOf(score, ranking))));
}

/** By the list alone, where nothing else is known; a few images say nothing but their cosines. */
const judgeByList = (ranking: PreparedRanking): Judge =>
  plainJudge(scores => {
    const cosines = scores.map(score => cosineOf(score, ranking));
    const chance = chanceOfRanked(cosines);
    return cosines.map(cosine => chance?.fit(cosine) ?? Math.min(1, Math.max(0, cosine)));
  });

const plainJudge = (judge: (scores: readonly number[]) => number[]): Judge => ({
  queries: () => [],
  fits: list => judge(list.map(({ score }) => score)),
});

function correctedJudge(
  dense: Extract<NonNullable<PreparedRanking['dense']>, { nearest: Float32Array }>,
  { corrected: chance, hub }: Calibration,
): Judge {
  const { nearest, length } = hubQuery(dense.nearest, hub);
  return {
    queries: limit => [{ ...dense, nearest, limit }],
    fits(list, corrected) {
      const scores = new Map(corrected.map(({ id, score }) => [id, score * length]));
      const least = Math.min(...scores.values());
      // An image that the corrected list lacks has a lower score than the last one in it.
      return list.map(({ id, score }) => chance.fit(scores.get(id) ?? Math.min(score, least)));
    },
  };
}

/** In mode best the score is a function of the largest cosine: see NearestQuery's neighbour in the port. */
function cosineOf(score: number, { dense }: PreparedRanking): number {
  if (!dense || 'nearest' in dense) return score;
  if (score <= 0) return -1;
  const squashed = 2 * score - 1;
  return squashed / (1 - Math.abs(squashed));
}
