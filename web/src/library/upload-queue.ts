import { ApiError, mayHeal } from '../api/api-error.ts';
import { forgetUpload, type KeptUpload, keepUpload, keptUploads } from './upload-store.ts';

export type UploadItem = {
  readonly key: string;
  /** Its name, behind the folders that it lay in where a folder was dropped. */
  readonly path: string;
  /** 0–1 of the bytes sent. */
  readonly sent: number;
  /** `delayed`: the server is away or busy; it is tried again by itself. */
  readonly state: 'waiting' | 'sending' | 'delayed' | 'done' | 'duplicate' | 'failed';
  /** Why it is delayed or failed; '' otherwise. */
  readonly reason: string;
};

type Send = (file: File, options: { readonly onSent: (share: number) => void }) => Promise<void>;

export type Dropped = { readonly file: File; readonly path: string };

const AT_ONCE = 3;
/** ms; doubles with every try in a row that fails. */
const FIRST_PAUSE = 2000;
const LONGEST_PAUSE = 60_000;

export const isUnderWay = ({ state }: UploadItem): boolean =>
  state === 'waiting' || state === 'sending' || state === 'delayed';

/**
 * Files on their way into the library, a few at a time. Each is kept by the browser until the server has it: a reload,
 * a closed tab or a server that is away delays it. What can't heal is kept as failed until the user retries or
 * dismisses it.
 */
export function createUploadQueue() {
  const page = crypto.randomUUID();
  const files = new Map<string, KeptUpload>();
  const listeners = new Set<() => void>();
  let items: readonly UploadItem[] = [];
  const waiting: string[] = [];
  let send: Send | null = null;
  let running = 0;
  let pause = FIRST_PAUSE;
  let wake = () => {};

  function show(next: readonly UploadItem[]): void {
    items = next;
    for (const listener of listeners) listener();
  }
  const change = (key: string, fields: Partial<UploadItem>) =>
    show(items.map(item => (item.key === key ? { ...item, ...fields } : item)));

  function enqueue(uploads: readonly KeptUpload[]): void {
    const fresh = uploads.filter(({ key }) => !files.has(key));
    for (const upload of fresh) files.set(upload.key, upload);
    show([
      ...items,
      ...fresh.map(({ key, path, failed }) => ({
        key,
        path,
        sent: 0,
        state: failed ? ('failed' as const) : ('waiting' as const),
        reason: failed?.message ?? '',
      })),
    ]);
    waiting.push(...fresh.filter(({ failed }) => !failed).map(({ key }) => key));
    begin();
  }

  function begin(): void {
    if (!send) return;
    const more = Math.min(AT_ONCE - running, waiting.length);
    for (let started = 0; started < more; started++) {
      running += 1;
      void work(send).finally(() => {
        running -= 1;
      });
    }
  }

  async function work(by: Send): Promise<void> {
    for (let key = waiting.shift(); key !== undefined; key = waiting.shift()) {
      const upload = files.get(key);
      if (upload) await sendOne(upload, by);
    }
  }

  async function sendOne(upload: KeptUpload, by: Send): Promise<void> {
    const { key, file } = upload;
    change(key, { state: 'sending', reason: '', sent: 0 });
    try {
      await by(file, { onSent: sent => change(key, { sent }) });
      await settle(key, 'done');
      pause = FIRST_PAUSE;
    } catch (error) {
      if (error instanceof ApiError && error.status === 409) return settle(key, 'duplicate');
      const message = error instanceof Error ? error.message : String(error);
      if (mayHeal(error)) {
        change(key, { state: 'delayed', reason: message, sent: 0 });
        await rest();
        waiting.unshift(key);
        return;
      }
      const failed = { code: error instanceof ApiError ? error.code : '', message };
      files.set(key, { ...upload, failed });
      change(key, { state: 'failed', reason: message });
      await keepUpload({ ...upload, failed });
    }
  }

  async function settle(key: string, state: 'done' | 'duplicate'): Promise<void> {
    files.delete(key);
    change(key, { state, sent: 1 });
    await forgetUpload(key);
  }

  /** Waits for the next try, or until the network is back. */
  function rest(): Promise<void> {
    const ms = pause;
    pause = Math.min(pause * 2, LONGEST_PAUSE);
    return new Promise(resolve => {
      const timer = setTimeout(resolve, ms);
      const before = wake;
      wake = () => {
        before();
        clearTimeout(timer);
        resolve();
      };
    });
  }
  const hurry = () => {
    const sleeping = wake;
    wake = () => {};
    pause = FIRST_PAUSE;
    sleeping();
  };

  /** Takes over what earlier pages left, as soon as each of them is gone. */
  async function adopt(): Promise<void> {
    const kept = await keptUploads();
    const take = async (owner: string) => {
      const left = (await keptUploads()).filter(upload => upload.owner === owner);
      const own = left.map(upload => ({ ...upload, owner: page }));
      for (const upload of own) await keepUpload(upload);
      enqueue(own);
    };
    for (const owner of new Set(kept.map(upload => upload.owner).filter(name => name !== page))) {
      if (navigator.locks) void navigator.locks.request(lockOf(owner), () => take(owner));
      else await take(owner);
    }
  }

  return {
    subscribe(listener: () => void) {
      listeners.add(listener);
      return () => {
        listeners.delete(listener);
      };
    },
    items: () => items,
    /** Begins to send, once it is known that this page may and how. */
    start(by: Send): void {
      const first = send === null;
      send = by;
      if (first) {
        // Held as long as this page lives; others wait for it.
        navigator.locks?.request(lockOf(page), () => new Promise(() => {}));
        addEventListener('online', hurry);
        void adopt();
      }
      begin();
    },
    async add(dropped: readonly Dropped[]): Promise<void> {
      const uploads = dropped.map(({ file, path }) => ({
        key: crypto.randomUUID(),
        owner: page,
        file,
        path,
        failed: null,
      }));
      enqueue(uploads);
      for (const upload of uploads) if (files.has(upload.key)) await keepUpload(upload);
      // What was sent while it was being kept need not be kept.
      for (const { key } of uploads) if (!files.has(key)) await forgetUpload(key);
    },
    retryFailed(): void {
      const failed = items.filter(({ state }) => state === 'failed').map(({ key }) => key);
      for (const key of failed) {
        const upload = files.get(key);
        if (upload) files.set(key, { ...upload, failed: null });
        change(key, { state: 'waiting', reason: '', sent: 0 });
      }
      waiting.push(...failed);
      hurry();
      begin();
    },
    /** Forgets what failed, for good, and then puts away what is settled. */
    async clear(): Promise<void> {
      const failed = items.filter(({ state }) => state === 'failed');
      for (const { key } of failed) files.delete(key);
      await Promise.all(failed.map(({ key }) => forgetUpload(key)));
      show(items.filter(isUnderWay));
    },
  };
}

const lockOf = (page: string): string => `semblance.uploads.${page}`;
