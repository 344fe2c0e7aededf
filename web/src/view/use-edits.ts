import { type InfiniteData, useMutation, useQueryClient } from '@tanstack/react-query';
import { useCallback } from 'react';
import { api } from '../api/api.ts';
import type { Image, ImageChange, Page } from '../api/types.ts';

type Edit = { readonly id: string; readonly change: ImageChange };

/** Edits show at once; one that the server rejects is undone, and its reason is `error`. */
export function useEdits() {
  const client = useQueryClient();

  const apply = useCallback(
    (id: string, alter: (image: Image) => Image | null) => {
      client.setQueriesData<InfiniteData<Page>>(
        { queryKey: ['search'] },
        data => data && alterPages(data, id, alter),
      );
      client.setQueryData<Image | null>(['image', id], image => (image ? alter(image) : image));
    },
    [client],
  );

  const edit = useMutation({
    mutationFn: ({ id, change }: Edit) => api.update(id, change),
    onMutate: ({ id, change }) => apply(id, image => ({ ...image, ...change })),
    onError: () =>
      Promise.all([
        client.invalidateQueries({ queryKey: ['search'] }),
        client.invalidateQueries({ queryKey: ['image'] }),
      ]),
  });
  const remove = useMutation({
    mutationFn: (id: string) => api.remove(id),
    onSuccess: (_, id) => apply(id, () => null),
  });
  const reset = () => {
    edit.reset();
    remove.reset();
  };
  return { edit, remove, error: edit.error ?? remove.error, reset };
}

function alterPages(
  data: InfiniteData<Page>,
  id: string,
  alter: (image: Image) => Image | null,
): InfiniteData<Page> {
  const alterHits = (page: Page): Page => ({
    ...page,
    result: page.result.flatMap(hit => {
      if (hit.img.id !== id) return [hit];
      const img = alter(hit.img);
      return img ? [{ ...hit, img }] : [];
    }),
  });
  return { ...data, pages: data.pages.map(alterHits) };
}
