/** What is known of the pace of a piece of work. */
export type Pace = {
  /** Units a second over the last seconds. */
  readonly perSecond: number;
  /** s; null while unknown. */
  readonly secondsLeft: number | null;
};

const WINDOW_MS = 5_000;

/**
 * Measures pace over a sliding window, by default of five seconds, so that a resumed start or a stall shows soon.
 * @param now ms, monotonic
 */
export function createPaceMeter(now: () => number = () => performance.now(), window = WINDOW_MS) {
  let samples: { at: number; done: number }[] = [];
  let perSecond = 0;
  const paceOf = (done: number, total: number | null): Pace => ({
    perSecond,
    secondsLeft: total !== null && perSecond > 0 ? (total - done) / perSecond : null,
  });
  return {
    measure(done: number, total: number | null): Pace {
      const at = now();
      samples.push({ at, done });
      while (samples.length > 2 && (samples[1]?.at ?? at) <= at - window) samples.shift();
      const first = samples[0] ?? { at, done };
      const seconds = (at - first.at) / 1000;
      perSecond = seconds > 0 ? Math.max(0, done - first.done) / seconds : perSecond;
      return paceOf(done, total);
    },
    /** The time left by the pace that was measured last. */
    last: paceOf,
    /** After a pause, or for another piece of work of the same kind: the last pace stands until there is a new one. */
    restart(): void {
      samples = [];
    },
  };
}

/** Where progress is shown: process.stderr, or anything that takes text. */
export type ProgressStream = {
  readonly isTTY?: boolean;
  /** 0 where the terminal doesn't know. */
  readonly columns?: number;
  write(text: string): unknown;
};

/** One line that shows how far a long piece of work has come. */
export type ProgressLine = {
  /** Shows the text in place of the last one; too frequent calls are dropped. */
  update(text: string): void;
  /** Prints a line that stays, above the moving one. */
  print(text: string): void;
  /** Leaves the last text, or this one, as a line that stays; with '' none. */
  end(text?: string): void;
};

/**
 * On a terminal one line is redrawn, ten times a second at the most; elsewhere (a log, a pipe) a plain line
 * is printed every five seconds.
 */
export function createProgressLine(
  stream: ProgressStream,
  now: () => number = () => performance.now(),
): ProgressLine {
  const terminal = stream.isTTY === true;
  const every = terminal ? 100 : 5_000;
  let shownAt = Number.NEGATIVE_INFINITY;
  let shown = '';
  let latest = '';
  const show = (text: string) => {
    shownAt = now();
    shown = text;
    stream.write(terminal ? `\r\x1b[K${text.slice(0, (stream.columns || 80) - 1)}` : `${text}\n`);
  };
  return {
    update(text) {
      latest = text;
      if (text !== shown && now() - shownAt >= every) show(text);
    },
    print(text) {
      stream.write(terminal ? `\r\x1b[K${text}\n` : `${text}\n`);
      if (terminal && latest !== '') show(latest);
    },
    end(text = latest) {
      if (text !== '' && text !== shown) show(text);
      if (terminal && shown !== '') stream.write(text === '' ? '\r\x1b[K' : '\n');
      shown = latest = '';
      shownAt = Number.NEGATIVE_INFINITY;
    },
  };
}

/** `[####------]` of 20 places; `share` 0–1. */
export function progressBar(share: number): string {
  const filled = Math.round(20 * Math.min(1, Math.max(0, share)));
  return `[${'#'.repeat(filled)}${'-'.repeat(20 - filled)}]`;
}

/** A bar and its per cent, `[####----------------]  20 %`. */
export const percentBar = (done: number, total: number): string =>
  progressBar(done / total) + `${Math.floor((100 * done) / total)} %`.padStart(6);

/** `  8 s left`, to be put after what is under way; '' while it is unknown. @param seconds null while unknown */
export const timeLeft = (seconds: number | null): string =>
  seconds === null ? '' : `  ${formatDuration(seconds)} left`;

/** `1 image`, `2 images`. */
export const counted = (count: number, thing: string): string => `${count} ${thing}${count === 1 ? '' : 's'}`;

/** Bytes in decimal units: 420 B, 2.2 MB, 155.9 MB. */
export function formatBytes(bytes: number): string {
  if (bytes < 1_000) return `${Math.round(bytes)} B`;
  if (bytes < 999_950) return `${(bytes / 1e3).toFixed(1)} kB`;
  return bytes < 999_950_000 ? `${(bytes / 1e6).toFixed(1)} MB` : `${(bytes / 1e9).toFixed(2)} GB`;
}

/** 8 s, 2 min 5 s, 3 h 12 min. */
export function formatDuration(seconds: number): string {
  const whole = Math.ceil(seconds);
  if (whole < 60) return `${whole} s`;
  if (whole < 3_600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  return `${Math.floor(whole / 3_600)} h ${Math.floor((whole % 3_600) / 60)} min`;
}
