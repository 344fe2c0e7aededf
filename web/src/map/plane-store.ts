import { inStore } from '../state/database.ts';

/** The place of each image on the map at the last visit; the browser keeps it, so that the next map is the same. */
export type StoredPlane = { readonly ids: readonly string[]; readonly positions: Float32Array };

const KEY = 'plane';

/** Null where there is none, or where the browser keeps nothing. */
export async function readPlane(): Promise<StoredPlane | null> {
  try {
    const found: unknown = await inStore('planes', 'readonly', store => store.get(KEY));
    if (typeof found !== 'object' || found === null || !('ids' in found) || !('positions' in found))
      return null;
    const { ids, positions } = found;
    if (!Array.isArray(ids) || !(positions instanceof Float32Array)) return null;
    return positions.length === 2 * ids.length ? { ids: ids.map(String), positions } : null;
  } catch {
    // A private window, or a full disk: the map is then computed again.
    return null;
  }
}

export async function writePlane(plane: StoredPlane): Promise<void> {
  try {
    await inStore('planes', 'readwrite', store => store.put(plane, KEY));
  } catch {
    // As above: nothing is lost but time.
  }
}
