import { parseOwnKey } from '../catalog/ids.ts';
import { SemblanceError } from '../errors.ts';
import { compareKeys } from './keys.ts';
import type { ObjectInfo, ObjectStore } from './object-store.ts';

/**
 * The originals of a laptop: a person's folder under its keys, and what the product wrote itself
 * (`uploads/`, `remote/`, `_deleted/`, named by uuid) in the data folder. The folder is never written to.
 */
export function laptopOriginals(folder: ObjectStore, own: ObjectStore): ObjectStore {
  const storeOf = (key: string): ObjectStore => (parseOwnKey(key) ? own : folder);
  const ownOnly = (key: string): ObjectStore => {
    if (parseOwnKey(key)) return own;
    throw new SemblanceError('not_an_upload', `${key} belongs to your folder, which is never written to`);
  };
  return {
    head: async key => storeOf(key).head(key),
    get: async (key, maxBytes) => storeOf(key).get(key, maxBytes),
    stream: async (key, range) => storeOf(key).stream(key, range),
    put: async (key, body, options) => ownOnly(key).put(key, body, options),
    delete: async key => ownOnly(key).delete(key),
    move: async (from, to) => {
      ownOnly(to);
      return ownOnly(from).move(from, to);
    },
    list: (prefix, unlisted, after) =>
      merge(
        only(folder.list(prefix, unlisted, after), false),
        only(own.list(prefix, undefined, after), true),
      ),
  };
}

async function* only(objects: AsyncIterable<ObjectInfo>, ownKeys: boolean): AsyncGenerator<ObjectInfo> {
  for await (const object of objects) if ((parseOwnKey(object.key) !== null) === ownKeys) yield object;
}

/** Two ascending lists as one. */
async function* merge(a: AsyncGenerator<ObjectInfo>, b: AsyncGenerator<ObjectInfo>) {
  let [left, right] = await Promise.all([a.next(), b.next()]);
  while (!left.done || !right.done) {
    if (right.done || (!left.done && compareKeys(left.value.key, right.value.key) < 0)) {
      if (!left.done) yield left.value;
      left = await a.next();
    } else {
      yield right.value;
      right = await b.next();
    }
  }
}
