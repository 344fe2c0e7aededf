import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { api } from '../api/api.ts';

const FRESH = 30_000;

/** Categories as albums: pinned ones first. */
export const useAlbums = (enabled: boolean) =>
  useQuery({ queryKey: ['albums'], queryFn: ({ signal }) => api.albums(signal), enabled, staleTime: FRESH });

/** Searches that were kept by name. */
export const useSavedSearches = (enabled: boolean) =>
  useQuery({
    queryKey: ['saved'],
    queryFn: ({ signal }) => api.savedSearches(signal),
    enabled,
    staleTime: FRESH,
  });

/** What can be changed of albums and saved searches. */
export function useAlbumChanges() {
  const client = useQueryClient();
  const refreshed = {
    onSettled: () =>
      Promise.all([
        client.invalidateQueries({ queryKey: ['albums'] }),
        client.invalidateQueries({ queryKey: ['saved'] }),
      ]),
  };
  return {
    changeAlbum: useMutation({
      mutationFn: ({ category, ...change }: { category: string; cover?: string; pinned?: boolean }) =>
        api.changeAlbum(category, change),
      ...refreshed,
    }),
    changeSearch: useMutation({
      mutationFn: ({ id, ...change }: { id: string; name?: string; pinned?: boolean }) =>
        api.changeSearch(id, change),
      ...refreshed,
    }),
    forgetSearch: useMutation({ mutationFn: (id: string) => api.forgetSearch(id), ...refreshed }),
  };
}
