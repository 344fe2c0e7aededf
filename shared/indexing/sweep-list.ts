import { type PassedOverKind, passedOverKind } from '../catalog/passed-over.ts';
import { isIgnoredKey } from '../objects/keys.ts';
import type { ObjectInfo, Unlisted } from '../objects/object-store.ts';
import type { SweepOptions, SweepPorts } from './sweep-options.ts';
import type { Unlistable } from './sweep-part.ts';

/** Objects that may be images, after a key; of others it is counted what they are. */
export async function* imagesOf(
  { originals }: SweepPorts,
  passedOver: Record<PassedOverKind, number>,
  unlisted: Unlistable[],
  { signal, onProgress }: SweepOptions,
  after: string | null = null,
): AsyncGenerator<ObjectInfo> {
  const report = ({ key, reason: { code, message, advice } }: Unlisted) =>
    unlisted.push({ key, reason: { code, message, advice } });
  let listed = 0;
  for await (const object of originals.list('', report, after ?? undefined)) {
    signal?.throwIfAborted();
    if (isIgnoredKey(object.key)) continue;
    const kind = passedOverKind(object.key);
    if (kind) {
      passedOver[kind]++;
      continue;
    }
    if (++listed % 100 === 0) onProgress?.(listed);
    yield object;
  }
}
