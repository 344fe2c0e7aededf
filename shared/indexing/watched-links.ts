import { realpathSync, statSync } from 'node:fs';
import { isInside } from '../objects/folder-paths.ts';

/** The links to folders that are followed: those that the store follows, see folder-paths.ts. */
export function followedLinks(folder: string, excluded: string | undefined) {
  const followed = new Set<string>();
  return {
    follows(path: string): boolean {
      const target = folderOf(path);
      if (target === null) return true;
      const isNested = [...followed].some(link => link !== path && isInside(path, link));
      const leadsOut = !isInside(target, folder) && !isInside(folder, target);
      if (isNested || !leadsOut || (excluded !== undefined && isInside(target, excluded))) return false;
      followed.add(path);
      return true;
    },
  };
}

/** Real path of the folder that a link leads to; null for a file's link or a broken one. */
function folderOf(link: string): string | null {
  try {
    return statSync(link).isDirectory() ? realpathSync(link) : null;
  } catch {
    return null;
  }
}
