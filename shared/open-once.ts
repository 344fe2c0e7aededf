/** Opens at the first call, and again at the next where that failed: a passing failure must not last for ever. */
export function openOnce<T>(open: () => Promise<T>): () => Promise<T> {
  let opened: Promise<T> | undefined;
  return () => {
    opened ??= open().catch((error: unknown) => {
      opened = undefined;
      throw error;
    });
    return opened;
  };
}

/** What is opened at its first use, and closed while it isn't needed. */
export type Reopenable<T> = {
  opened(): Promise<T>;
  /** To be called while it is not in use. */
  release(): Promise<void>;
};

export function reopenable<T extends { close(): Promise<void> }>(open: () => Promise<T>): Reopenable<T> {
  let opened: (() => Promise<T>) | undefined;
  return {
    opened() {
      opened ??= openOnce(open);
      return opened();
    },
    async release() {
      const held = opened;
      opened = undefined;
      if (held) await (await held()).close();
    },
  };
}
