/**
 * Serialises work by name: one call at a time for a name in this process. What is requested while a call is under
 * way is done once, afterwards, and everyone who asked gets that call's result.
 * @param merge one input that stands for both
 */
export function oneAtATime<Input, Output>(
  work: (name: string, input: Input) => Promise<Output>,
  merge: (a: Input, b: Input) => Input,
): (name: string, input: Input) => Promise<Output> {
  const running = new Map<string, Promise<unknown>>();
  const next = new Map<string, { input: Input; output: Promise<Output> }>();

  function start(name: string, input: Input): Promise<Output> {
    const output = work(name, input).finally(() => {
      if (!next.has(name)) running.delete(name);
    });
    running.set(name, output);
    return output;
  }

  return (name, input) => {
    const current = running.get(name);
    if (!current) return start(name, input);
    const waiting = next.get(name);
    if (waiting) {
      waiting.input = merge(waiting.input, input);
      return waiting.output;
    }
    const output = current
      .catch(() => undefined)
      .then((): Promise<Output> => {
        const merged = next.get(name)?.input ?? input;
        next.delete(name);
        return start(name, merged);
      });
    next.set(name, { input, output });
    return output;
  };
}

/** Runs work for a name after all earlier work for that name; other names don't wait. */
export function inTurn(): <T>(name: string, work: () => Promise<T>) => Promise<T> {
  const last = new Map<string, Promise<unknown>>();
  return async (name, work) => {
    const before = last.get(name) ?? Promise.resolve();
    const run = before.then(work);
    const settled = run.catch(() => undefined);
    last.set(name, settled);
    try {
      return await run;
    } finally {
      if (last.get(name) === settled) last.delete(name);
    }
  };
}
