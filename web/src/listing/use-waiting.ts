import { type InvalidateOptions, type QueryClient, useQueries } from '@tanstack/react-query';
import { api } from '../api/api.ts';
import { WAKE } from '../api/api-error.ts';
import { type LeftOut, referencesOf } from './left-out.ts';
import { WHOLE } from './listing.ts';

/** Intervals between two looks for an image that waits, at most. */
const LONGEST = 10;

export const partKey = (listing: string, section: string, cursor: string | null) =>
  ['search', listing, section, cursor] as const;

/** Requests the first part of a search again. It decides which references are left out, and so how the list goes on. */
export function beginAgain(client: QueryClient, listing: string, options?: InvalidateOptions): void {
  void client.invalidateQueries({ queryKey: partKey(listing, WHOLE.key, null), exact: true }, options);
}

/** Repeats a search as soon as an image that it waits for is indexed, or is gone. */
export function useWaiting(listing: string, leftOut: readonly LeftOut[]): void {
  const ids = new Set(referencesOf(leftOut, 'waiting').map(({ key }) => key));
  useQueries({
    queries: [...ids].map(id => ({
      queryKey: ['waiting', listing, id],
      queryFn: async ({ signal, client }: { readonly signal: AbortSignal; readonly client: QueryClient }) => {
        const state = await api.imageState(id, signal);
        if (state !== 'waiting') {
          void client.invalidateQueries({ queryKey: ['image', id] });
          // A request under way is left to end: one may take longer than it is until the next look.
          beginAgain(client, listing, { cancelRefetch: false });
        }
        return state;
      },
      gcTime: 0,
      refetchInterval: ({ state }: { readonly state: { readonly dataUpdateCount: number } }) =>
        Math.min(Math.max(1, state.dataUpdateCount), LONGEST) * WAKE,
    })),
  });
}
