import { useCallback } from 'react';
import { t } from '../ui/messages.ts';
import type { Found } from './dropped-files.ts';

/** Adds what was dropped or chosen, and says which of it is no image. */
export function useDroppedFiles(
  add: (images: Found['images']) => Promise<void>,
  complain: (text: string | null) => void,
) {
  return useCallback(
    async (found: Promise<Found> | Found) => {
      complain(null);
      try {
        const { images, others } = await found;
        if (others > 0) complain(t.noImagesAmong(others));
        await add(images);
      } catch (error) {
        // A folder that the browser may not read, or that changed while it was read.
        complain(t.folderUnread(error instanceof Error ? error.message : String(error)));
      }
    },
    [add, complain],
  );
}
