import { useCallback, useRef, useState } from 'react';
import { ApiError, errorOfBody } from '../api/api-error.ts';
import { API } from '../api/client.ts';
import { tokenHeaders } from '../api/tokens.ts';

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

/** Files on their way into the library, a few at a time, each with its own progress and outcome. */
export function useUploads() {
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
        await upload(file, sent => change(key, { sent }));
        change(key, { state: 'done', sent: 1 });
      } catch (error) {
        const duplicate = error instanceof ApiError && error.status === 409;
        const reason = error instanceof Error ? error.message : String(error);
        change(key, duplicate ? { state: 'duplicate', sent: 1 } : { state: 'failed', reason });
      }
    }
    running.current -= 1;
  }, [change]);

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

/** By XMLHttpRequest, since fetch doesn't tell how much was sent. */
function upload(file: File, onSent: (fraction: number) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open('POST', `${API}/admin/upload?local=true`);
    for (const [name, value] of Object.entries(tokenHeaders())) request.setRequestHeader(name, value);
    request.upload.onprogress = ({ loaded, total }) => onSent(total > 0 ? loaded / total : 0);
    request.onload = () =>
      request.status < 300 ? resolve() : reject(errorOfBody(request.status, request.responseText));
    request.onerror = () => reject(new ApiError(0, '', 'The connection broke.'));
    const form = new FormData();
    form.set('image_file', file);
    request.send(form);
  });
}
