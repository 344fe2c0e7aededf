import type { LibraryEvent } from './library.ts';

/** What happens in this process, for its subscribers. */
export type LibraryEvents = {
  emit(event: LibraryEvent): void;
  /** Returns how to stop. */
  subscribe(listener: (event: LibraryEvent) => void): () => void;
};

export function createEvents(): LibraryEvents {
  const listeners = new Set<(event: LibraryEvent) => void>();
  return {
    emit(event) {
      for (const listener of [...listeners]) listener(event);
    },
    subscribe(listener) {
      // A function of its own, so that a listener that is given twice is called twice, and each can be stopped.
      const entry = (event: LibraryEvent) => listener(event);
      listeners.add(entry);
      return () => listeners.delete(entry);
    },
  };
}
