import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useCallback } from 'react';
import { api } from '../api/api.ts';
import type { Image, ImageChange } from '../api/types.ts';
import type { LoadedPart } from '../listing/listing.ts';
import { forgetImages } from '../listing/shape-store.ts';

type Edit = { readonly id: string; readonly change: ImageChange };

/** Edits show at once; one that the server rejects is undone, and its reason is `error`. */
export function useEdits() {
  const client = useQueryClient();

  const apply = useCallback(
    (id: string, alter: (image: Image) => Image | null) => {
      client.setQueriesData<LoadedPart>({ queryKey: ['search'] }, part => part && alterPart(part, id, alter));
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
    onSuccess: (_, id) => {
      apply(id, () => null);
      forgetImages(new Set([id]));
    },
  });
  const reset = () => {
    edit.reset();
    remove.reset();
  };
  return { edit, remove, error: edit.error ?? remove.error, reset };
}

/** The part with one image altered or taken out; the same part where it doesn't have it. */
function alterPart(part: LoadedPart, id: string, alter: (image: Image) => Image | null): LoadedPart {
  if (!part.result.some(({ img }) => img.id === id)) return part;
  const result = part.result.flatMap(hit => {
    if (hit.img.id !== id) return [hit];
    const img = alter(hit.img);
    return img ? [{ ...hit, img }] : [];
  });
  return { ...part, result };
}
