/**
 * Aborted at the first Ctrl-C or SIGTERM, so that what is under way can be given back; a second one ends the
 * process at once. The exit code is then 130, unless the caller sets another.
 */
export function interruption(): AbortSignal {
  const controller = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM'] as const) {
    process.on(name, () => {
      if (controller.signal.aborted) process.exit(130);
      process.exitCode = 130;
      controller.abort(new Error(name));
    });
  }
  return controller.signal;
}

/** Resolves when the signal is aborted. */
export function interrupted(signal: AbortSignal): Promise<void> {
  return new Promise(resolve => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
