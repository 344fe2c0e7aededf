export type Gatherer = {
  add(key: string): void;
  /** Begins the quiet time again, where keys are gathered. */
  postpone(): void;
  flush(): void;
};

/**
 * Hands keys on together, each once: when nothing was added or postponed for `quiet` ms, and at the latest `longest`
 * ms after the first.
 */
export function gatherer(
  { quiet, longest }: { readonly quiet: number; readonly longest: number },
  handOn: (keys: string[]) => void,
): Gatherer {
  const keys = new Set<string>();
  let timer: NodeJS.Timeout | undefined;
  let latest = 0;

  function flush(): void {
    clearTimeout(timer);
    timer = undefined;
    if (keys.size > 0) handOn([...keys]);
    keys.clear();
  }

  function postpone(): void {
    if (keys.size === 0) return;
    clearTimeout(timer);
    timer = setTimeout(flush, Math.min(quiet, Math.max(0, latest - performance.now())));
  }

  return {
    add(key) {
      if (keys.size === 0) latest = performance.now() + longest;
      keys.add(key);
      postpone();
    },
    postpone,
    flush,
  };
}
