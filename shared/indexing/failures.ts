import pLimit from 'p-limit';
import type { FailureRecord } from '../catalog/record.ts';
import { isOfNoKey, isWordsFailure } from './image-failure.ts';
import type { FailurePage } from './library.ts';
import type { LibraryDeps } from './library-deps.ts';

const DEFAULT_COUNT = 100;
const READS_AT_ONCE = 32;
const KEYS_AT_ONCE = 1000;

/** See Library.failures. */
export async function pageOfFailures(
  { store }: Pick<LibraryDeps, 'store'>,
  { from, count = DEFAULT_COUNT }: { readonly from?: string | undefined; readonly count?: number } = {},
): Promise<FailurePage> {
  const failures: FailureRecord[] = [];
  for await (const failure of store.listFailures(from)) {
    if (failure.passed_over) continue;
    if (failures.length === count) return { failures, next: failure.id };
    failures.push(failure);
  }
  return { failures, next: null };
}

/** See Library.retry. */
export async function retryFailures(
  { store, queue }: Pick<LibraryDeps, 'store' | 'queue'>,
  ids?: readonly string[],
): Promise<number> {
  const found = ids ? await chosen(store, ids) : await all(store);
  const keys = found.flatMap(failure => (isOfNoKey(failure) ? [] : failure.key));
  for (let start = 0; start < keys.length; start += KEYS_AT_ONCE)
    await queue.send(keys.slice(start, start + KEYS_AT_ONCE), { again: true });
  return keys.length + (ids ? 0 : await queue.redrive());
}

/** See Library.queueDue. */
export async function queueDue({
  store,
  queue,
  now,
}: Pick<LibraryDeps, 'store' | 'queue' | 'now'>): Promise<number> {
  const time = now().getTime();
  const due = (await all(store)).filter(({ retry_at: at }) => at !== null && Date.parse(at) <= time);
  const words = due.filter(isWordsFailure).map(({ key }) => key);
  const images = due.filter(failure => !isWordsFailure(failure)).map(({ key }) => key);
  if (images.length > 0) await queue.send(images, { turn: 'sweep' });
  if (words.length > 0) await queue.send(words, { turn: 'words' });
  return due.length;
}

async function chosen(store: LibraryDeps['store'], ids: readonly string[]): Promise<FailureRecord[]> {
  const limit = pLimit(READS_AT_ONCE);
  const found = await Promise.all([...new Set(ids)].map(id => limit(() => store.readFailure(id))));
  return found.flatMap(stored => stored?.value ?? []);
}

async function all(store: LibraryDeps['store']): Promise<FailureRecord[]> {
  const failures: FailureRecord[] = [];
  for await (const failure of store.listFailures()) if (!failure.passed_over) failures.push(failure);
  return failures;
}
