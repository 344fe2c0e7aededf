import { SemblanceError } from '../errors.ts';
import { reasonOf } from './download.ts';
import { locateModel } from './model-cache.ts';
import { CONFIG_FILE, type LocatedModel } from './model-folder.ts';
import { fileUrl, type PullOptions, pullModel } from './pull.ts';
import { DEFAULT_MODEL, DEMO_MODEL, demoModel, type ModelRow, resolveModel } from './registry.ts';

export type ModelChoice = {
  readonly model: LocatedModel;
  /** Set where the demo model is used instead of the configured one; terminal, server_info and page show it. */
  readonly fallback: ModelFallback | null;
};

export type ModelFallback = {
  /** Name of the model that was wanted. */
  readonly wanted: string;
  /** Why it isn't there. */
  readonly reason: string;
  /** Sentences for people: what happened, what it means, what to do. */
  readonly statement: string;
};

/** ms that the hub gets to respond before the demo model is used instead. */
const PROBE_MS = 3_000;

export type ChooseOptions = PullOptions & {
  /** SEMBLANCE_MODEL; what is named there is used or is an error, never replaced. */
  readonly requested: string | undefined;
  /** True when a person's own folder is indexed, false for the bundled demo gallery. */
  readonly folderGiven: boolean;
  readonly probeMs?: number;
};

/**
 * The laptop's model: the demo gallery runs on the demo model; a person's folder on the real one, fetched when
 * it isn't there yet, and where the hub is unreachable the demo model is used, which is reported. The cloud doesn't come
 * here: it never falls back.
 * @throws what pullModel throws for a model that was named explicitly; disk_full, data_read_only; the signal's reason
 */
export async function chooseModel(options: ChooseOptions): Promise<ModelChoice> {
  const { requested, folderGiven, cacheFolder } = options;
  const row = resolveModel(requested ?? (folderGiven ? DEFAULT_MODEL : DEMO_MODEL));
  const present = await locateModel(row, cacheFolder);
  if (present) return { model: present, fallback: null };
  if (requested !== undefined) return { model: await pullModel(row, options), fallback: null };
  try {
    const beforeFetch = () => probe(row, options);
    return { model: await pullModel(row, { ...options, beforeFetch }), fallback: null };
  } catch (error) {
    options.signal?.throwIfAborted();
    const unavailable = error instanceof SemblanceError && UNAVAILABLE.has(error.code);
    if (!unavailable) throw error;
    return { model: demoModel(), fallback: fallback(row, error.message) };
  }
}

const UNAVAILABLE: ReadonlySet<string> = new Set(['model_unreachable', 'model_corrupt', 'unknown_model']);

/** @throws model_unreachable unless the hub begins to respond in time */
async function probe(row: ModelRow, { baseUrl, signal, probeMs = PROBE_MS }: ChooseOptions): Promise<void> {
  const timeout = AbortSignal.timeout(probeMs);
  try {
    const response = await fetch(fileUrl(row, CONFIG_FILE, baseUrl), {
      method: 'HEAD',
      signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
    });
    if (response.ok) return;
    throw new SemblanceError('model_unreachable', `${baseUrl} responded with ${response.status}`);
  } catch (cause) {
    if (cause instanceof SemblanceError) throw cause;
    signal?.throwIfAborted();
    const reason = timeout.aborted
      ? `did not respond within ${probeMs / 1000} s`
      : `failed: ${reasonOf(cause)}`;
    throw new SemblanceError('model_unreachable', `${baseUrl} ${reason}`, { cause });
  }
}

const fallback = (row: ModelRow, reason: string): ModelFallback => ({
  wanted: row.name,
  reason,
  statement:
    `${row.name} could not be downloaded (${reason}), so the bundled demo model is used instead. ` +
    'It knows drawn emoji only: what it finds among photographs is mostly chance. ' +
    'Once online, run `npm run semblance -- models pull` and start again.',
});
