import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useCallback } from 'react';
import { api } from '../api/api.ts';
import type { Image, ImageChange } from '../api/types.ts';
import type { LoadedPart } from '../listing/listing.ts';

type Edit = { readonly id: string; readonly change: ImageChange };

/** Edits show at once; one that the server rejects is undone, and its reason is `error`. */
export function useEdits() {
  const client = useQueryClient();

  const apply = useCallback(
    (id: string, alter: (image: Image) => Image) => {
      client.setQueriesData<LoadedPart>({ queryKey: ['search'] }, part => part && alterPart(part, id, alter));
      client.setQueryData<Image | null>(['image', id], image => (image ? alter(image) : image));
    },
    [client],
  );

  const edit = useMutation({
    mutationFn: ({ id, change }: Edit) => api.update(id, change),
    onMutate: ({ id, change }) => apply(id, image => changed(image, change)),
    onSuccess: (version, { id, change }) => {
      apply(id, image => ({ ...image, version }));
      if (change.add_categories || change.remove_categories)
        client.invalidateQueries({ queryKey: ['albums'] });
    },
    onError: () =>
      Promise.all([
        client.invalidateQueries({ queryKey: ['search'] }),
        client.invalidateQueries({ queryKey: ['image'] }),
      ]),
  });
  /** Shows an edit that the server has already. */
  const noted = useCallback(
    (id: string, saved: Pick<Image, 'comments' | 'version'>) => apply(id, image => ({ ...image, ...saved })),
    [apply],
  );
  return { edit, noted, error: edit.error, reset: edit.reset };
}

function changed(image: Image, change: ImageChange): Image {
  const { add_categories: add = [], remove_categories: remove = [] } = change;
  const kept = (image.categories ?? []).filter(name => !remove.includes(name));
  return {
    ...image,
    starred: change.starred ?? image.starred,
    categories: [...new Set([...kept, ...add])],
  };
}

/** The part with one image altered; the same part where it doesn't have it. */
function alterPart(part: LoadedPart, id: string, alter: (image: Image) => Image): LoadedPart {
  if (!part.result.some(({ img }) => img.id === id)) return part;
  return {
    ...part,
    result: part.result.map(hit => (hit.img.id === id ? { ...hit, img: alter(hit.img) } : hit)),
  };
}
