import { useCallback, useRef, useState } from 'react';
import { ApiError } from '../api/api-error.ts';
import { sendFile } from './send-file.ts';

export type UploadItem = {
  readonly key: number;
  readonly name: string;
  /** 0–1 of the bytes sent. */
  readonly sent: number;
  readonly state: 'waiting' | 'sending' | 'done' | 'duplicate' | 'failed';
  /** Why it failed; '' otherwise. */
  readonly reason: string;
};

const AT_ONCE = 3;

/**
 * Files on their way into the library, a few at a time, each with its own progress and outcome.
 * @param toBucket whether the library is a bucket, which takes large files itself
 */
export function useUploads(toBucket: boolean) {
  const [items, setItems] = useState<readonly UploadItem[]>([]);
  const queue = useRef<{ key: number; file: File }[]>([]);
  const running = useRef(0);
  const nextKey = useRef(0);

  const change = useCallback((key: number, fields: Partial<UploadItem>) => {
    setItems(now => now.map(item => (item.key === key ? { ...item, ...fields } : item)));
  }, []);

  const work = useCallback(async () => {
    running.current += 1;
    for (let next = queue.current.shift(); next; next = queue.current.shift()) {
      const { key, file } = next;
      change(key, { state: 'sending' });
      try {
        await sendFile(file, { toBucket, onSent: sent => change(key, { sent }) });
        change(key, { state: 'done', sent: 1 });
      } catch (error) {
        const duplicate = error instanceof ApiError && error.status === 409;
        const reason = error instanceof Error ? error.message : String(error);
        change(key, duplicate ? { state: 'duplicate', sent: 1 } : { state: 'failed', reason });
      }
    }
    running.current -= 1;
  }, [change, toBucket]);

  const add = useCallback(
    (files: readonly File[]) => {
      const added = files.map(file => ({ key: nextKey.current++, file }));
      queue.current.push(...added);
      setItems(now => [
        ...now,
        ...added.map(({ key, file }) => ({
          key,
          name: file.name,
          sent: 0,
          state: 'waiting' as const,
          reason: '',
        })),
      ]);
      while (running.current < Math.min(AT_ONCE, running.current + queue.current.length)) void work();
    },
    [work],
  );

  return { items, add, clear: useCallback(() => setItems([]), []) };
}
