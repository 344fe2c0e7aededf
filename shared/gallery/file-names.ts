import { parseOwnKey } from '../catalog/ids.ts';
import type { IndexedImage } from '../search/images.ts';

/** What Windows forbids in names, and what would lead out of a folder anywhere. */
const FORBIDDEN = /[<>:"|?*\\\p{Cc}]/gu;

/**
 * Names under which images are unpacked, each once whatever the case: a folder's file by its path, an upload by the
 * name it came with. Several of one name are numbered: `cat.jpg`, `cat (2).jpg`.
 */
export function archiveNames(images: readonly IndexedImage[]): Map<string, string> {
  const taken = new Set<string>();
  return new Map(
    images.map(image => {
      const wanted = nameOf(image);
      const [, stem = '', extension = ''] = /^(.*?)(\.[^./]*)?$/s.exec(wanted) ?? [];
      let name = wanted;
      for (let i = 2; taken.has(name.toLowerCase()); i++) name = `${stem} (${i})${extension}`;
      taken.add(name.toLowerCase());
      return [image.id, name];
    }),
  );
}

function nameOf({ id, payload }: IndexedImage): string {
  const isUpload = parseOwnKey(payload.key) !== null;
  const path = isUpload ? (payload.name ?? `${id}.${payload.format}`).replaceAll('/', '_') : payload.key;
  return path
    .split('/')
    .map(part =>
      part
        .replaceAll(FORBIDDEN, '_')
        .replace(/[. ]+$/, '_')
        .replace(/^$/, '_'),
    )
    .join('/');
}
