/** Where each image stood on the map at the last visit; kept by the browser, so that it stands there again. */
export type StoredPlane = { readonly ids: readonly string[]; readonly positions: Float32Array };

const DATABASE = 'semblance';
const STORE = 'planes';
const KEY = 'plane';

/** Null where there is none, or where the browser keeps nothing. */
export async function readPlane(): Promise<StoredPlane | null> {
  try {
    const found: unknown = await inStore('readonly', store => store.get(KEY));
    if (typeof found !== 'object' || found === null || !('ids' in found) || !('positions' in found))
      return null;
    const { ids, positions } = found;
    if (!Array.isArray(ids) || !(positions instanceof Float32Array)) return null;
    return positions.length === 2 * ids.length ? { ids: ids.map(String), positions } : null;
  } catch {
    // A private window, or a full disk: the map is then computed anew.
    return null;
  }
}

export async function writePlane(plane: StoredPlane): Promise<void> {
  try {
    await inStore('readwrite', store => store.put(plane, KEY));
  } catch {
    // As above: nothing is lost but time.
  }
}

function inStore<T>(mode: IDBTransactionMode, run: (store: IDBObjectStore) => IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const opening = indexedDB.open(DATABASE, 1);
    opening.onupgradeneeded = () => opening.result.createObjectStore(STORE);
    opening.onerror = () => reject(opening.error);
    opening.onsuccess = () => {
      const database = opening.result;
      const transaction = database.transaction(STORE, mode);
      const request = run(transaction.objectStore(STORE));
      transaction.oncomplete = () => {
        database.close();
        resolve(request.result);
      };
      transaction.onabort = () => reject(transaction.error);
    };
  });
}
