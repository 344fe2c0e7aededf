/** What this browser keeps for the page: where images stood on the map, and files that wait to be sent. */
const DATABASE = 'semblance';
const STORES = ['planes', 'uploads'] as const;
const VERSION = 2;

/**
 * Runs one request in a store of the browser's database, and waits until it is on the disk.
 * @throws DOMException where the browser keeps nothing (a private window, a full disk)
 */
export function inStore<T>(
  name: (typeof STORES)[number],
  mode: IDBTransactionMode,
  run: (store: IDBObjectStore) => IDBRequest<T>,
): Promise<T> {
  return new Promise((resolve, reject) => {
    const opening = indexedDB.open(DATABASE, VERSION);
    opening.onupgradeneeded = () => {
      const { result: database } = opening;
      for (const store of STORES)
        if (!database.objectStoreNames.contains(store)) database.createObjectStore(store);
    };
    opening.onerror = () => reject(opening.error);
    opening.onsuccess = () => {
      const database = opening.result;
      // Another tab with a newer page may change the stores.
      database.onversionchange = () => database.close();
      const transaction = database.transaction(name, mode);
      const request = run(transaction.objectStore(name));
      transaction.oncomplete = () => {
        database.close();
        resolve(request.result);
      };
      transaction.onabort = () => {
        database.close();
        reject(transaction.error);
      };
    };
  });
}
