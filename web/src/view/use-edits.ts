import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useCallback } from 'react';
import { api } from '../api/api.ts';
import type { Image, ImageChange } from '../api/types.ts';
import type { LoadedPart } from '../listing/listing.ts';
import { refreshLibrary } from '../listing/refresh-library.ts';

const EDITS = ['edits'];

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
    mutationKey: EDITS,
    mutationFn: ({ id, change }: Edit) => api.update(id, change),
    onMutate: ({ id, change }) => apply(id, image => changed(image, change)),
    // Once more, since a response that was on its way may have shown the image as it was before.
    onSuccess: (version, { id, change }) => apply(id, image => ({ ...changed(image, change), version })),
    onError: (_, { id, change }) => apply(id, image => changed(image, inverse(change))),
    onSettled: () => {
      // After the last of several, so that no response shows one of them undone that is on its way.
      if (client.isMutating({ mutationKey: EDITS }) === 1) void refreshLibrary(client);
    },
  });
  /** Shows an edit that the server has already. */
  const noted = useCallback(
    (id: string, saved: Pick<Image, 'comments' | 'version'>) => {
      apply(id, image => ({ ...image, ...saved }));
      void refreshLibrary(client);
    },
    [apply, client],
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

const inverse = ({ starred, add_categories, remove_categories }: ImageChange): ImageChange => ({
  ...(starred === undefined ? {} : { starred: !starred }),
  ...(remove_categories ? { add_categories: remove_categories } : {}),
  ...(add_categories ? { remove_categories: add_categories } : {}),
});

/** The part with one image altered; the same part where it doesn't have it. */
function alterPart(part: LoadedPart, id: string, alter: (image: Image) => Image): LoadedPart {
  if (!part.result.some(({ img }) => img.id === id)) return part;
  return {
    ...part,
    result: part.result.map(hit => (hit.img.id === id ? { ...hit, img: alter(hit.img) } : hit)),
  };
}
