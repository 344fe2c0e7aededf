import { PASSED_OVER_KINDS, type PassedOver, type PassedOverKind } from '../../shared/catalog/passed-over.ts';
import type { LibraryEvent } from '../../shared/indexing/library.ts';
import { counted, progressBar, timeLeft } from '../../shared/progress.ts';

export type Progress = Extract<LibraryEvent, { type: 'progress' }>;

/** `[####------] 120 of 298  2 in work  14.2 images/s  13 s left`, the same in the terminal of the app and of the CLI. */
export function progressText(progress: Progress): string {
  const { stage, done, total, picturesPerSecond, secondsLeft, words } = progress;
  const { inWork } = progress[stage];
  const what = stage === 'words' ? 'Reading words: ' : '';
  const working = inWork > 0 ? `  ${inWork} in work` : '';
  const then =
    stage === 'pictures' && words.total > words.done ? `, then words in ${words.total - words.done}` : '';
  const bar = progressBar(total === 0 ? 1 : done / total);
  return `${what}${bar} ${done} of ${total}${working}  ${picturesPerSecond.toFixed(1)} images/s${timeLeft(secondsLeft)}${then}`;
}

const NAMES: Readonly<Record<PassedOverKind, readonly [one: string, many: string]>> = {
  sidecars: ['sidecar', 'sidecars'],
  videos: ['video', 'videos'],
  audio: ['audio file', 'audio files'],
  documents: ['document', 'documents'],
  others: ['other file', 'other files'],
};

/** `Passed over, since they are no images: 12 sidecars, 3 videos.`; '' where there was nothing. */
export function passedOverText(passedOver: PassedOver): string {
  const parts = PASSED_OVER_KINDS.filter(kind => passedOver[kind] > 0).map(
    kind => `${passedOver[kind]} ${NAMES[kind][passedOver[kind] === 1 ? 0 : 1]}`,
  );
  return parts.length === 0 ? '' : `Passed over, since they are no images: ${parts.join(', ')}.`;
}

/** What came of indexing: `3 images indexed, 2 to go, 1 can't be: see ….` */
export function indexedText(images: number, queued: number, failed: number): string {
  const toGo = queued > 0 ? `, ${queued} to go` : '';
  const troubled = failed > 0 ? `, ${failed} can't be: see \`npm run semblance -- failures\`` : '';
  return `${counted(images, 'image')} indexed${toGo}${troubled}.`;
}
