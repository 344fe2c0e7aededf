import { useEffect, useSyncExternalStore } from 'react';
import { sendFile } from './send-file.ts';
import { createUploadQueue, isUnderWay } from './upload-queue.ts';

const queue = createUploadQueue();

/**
 * Files on their way into the library.
 * @param toBucket whether the library is a bucket, which takes large files itself; null while it is not known, or
 * while images can't be added
 */
export function useUploads(toBucket: boolean | null) {
  const items = useSyncExternalStore(queue.subscribe, queue.items);
  useEffect(() => {
    if (toBucket !== null) queue.start((file, options) => sendFile(file, { ...options, toBucket }));
  }, [toBucket]);

  const busy = items.some(isUnderWay);
  useEffect(() => {
    if (!busy) return;
    // They are kept, but go on only when the page is open again.
    const ask = (event: BeforeUnloadEvent) => event.preventDefault();
    addEventListener('beforeunload', ask);
    return () => removeEventListener('beforeunload', ask);
  }, [busy]);

  return { items, add: queue.add, retryFailed: queue.retryFailed, clear: queue.clear };
}
