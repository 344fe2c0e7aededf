import type { Log } from '../log.ts';
import { createPaceMeter } from '../progress.ts';
import type { WorkQueue } from '../queue/work-queue.ts';
import type { LibraryEvents } from './events.ts';
import type { StageProgress } from './library.ts';

/** Images become searchable first, then the words in them are read. */
export type Stage = 'pictures' | 'words';

type ProgressDeps = {
  readonly queue: Pick<WorkQueue, 'counts'>;
  readonly events: Pick<LibraryEvents, 'emit'>;
  readonly log: Log;
  /** ms, monotonic. */
  readonly now?: () => number;
};

/** ms between `progress` events. */
const TELL_EVERY = 500;

/** ms over which a pace is measured: an image with many words takes seconds, so that a shorter one jumps about. */
const PACE_WINDOW = 60_000;

type Counts = Record<Stage, number>;

/**
 * Counts what was settled since the queue was last empty, of images and of words apart, and emits how far each is and
 * how long what is left of it takes at its own pace.
 */
export function createProgress({ queue, events, log, now = () => performance.now() }: ProgressDeps) {
  const meters = { pictures: createPaceMeter(now, PACE_WINDOW), words: createPaceMeter(now, PACE_WINDOW) };
  const inWork: Counts = { pictures: 0, words: 0 };
  let done: Counts = { pictures: 0, words: 0 };
  let stage: Stage = 'pictures';
  let toldAt = Number.NEGATIVE_INFINITY;
  let toldDone = true;

  /** null where the queue can't be counted now. */
  async function left(): Promise<Counts | null> {
    const counts = await queue.counts().catch(error => {
      log.warn('The queue could not be counted', { error });
      return null;
    });
    if (!counts) return null;
    // Keys that other processes work on are counted as images.
    const elsewhere = Math.max(0, counts.inWork - inWork.pictures - inWork.words);
    return {
      pictures: counts.waiting - counts.words + inWork.pictures + elsewhere,
      words: counts.words + inWork.words,
    };
  }

  function say(of: Stage, remaining: Counts): void {
    const stageOf = (name: Stage): StageProgress & { perSecond: number } => {
      const total = done[name] + remaining[name];
      // Time in which a stage does not run does not count for its pace.
      const pace =
        name === of ? meters[name].measure(done[name], total) : meters[name].last(done[name], total);
      return { done: done[name], total, inWork: inWork[name], ...pace };
    };
    const [{ perSecond: images, ...pictures }, { perSecond: reading, ...words }] = [
      stageOf('pictures'),
      stageOf('words'),
    ];
    const current = of === 'words' ? words : pictures;
    events.emit({
      type: 'progress',
      stage: of,
      done: current.done,
      total: current.total,
      picturesPerSecond: of === 'words' ? reading : images,
      secondsLeft: current.secondsLeft,
      pictures,
      words,
    });
  }

  return {
    /** A key is taken up; to be called again when it is let go, settled or not. */
    takeUp(of: Stage): (settled: boolean) => void {
      inWork[of]++;
      return settled => {
        inWork[of]--;
        if (!settled) return;
        done[of]++;
        toldDone = false;
      };
    },
    async report(atRest: boolean): Promise<void> {
      if (atRest ? toldDone : now() - toldAt < TELL_EVERY) return;
      toldAt = now();
      const remaining = await left();
      if (!remaining) return;
      const next: Stage = remaining.pictures === 0 && remaining.words + done.words > 0 ? 'words' : 'pictures';
      // Subscribers learn that the images are complete before the words begin.
      if (stage === 'pictures' && next === 'words' && done.pictures > 0) say('pictures', remaining);
      if (next !== stage) meters[next].restart();
      stage = next;
      say(stage, remaining);
      if (remaining.pictures + remaining.words > 0) return;
      done = { pictures: 0, words: 0 };
      stage = 'pictures';
      meters.pictures.restart();
      toldDone = true;
    },
  };
}
