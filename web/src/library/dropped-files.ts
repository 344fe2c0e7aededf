import { typeOf } from './image-type.ts';
import type { Dropped } from './upload-queue.ts';

export type Found = {
  readonly images: readonly Dropped[];
  /** Files in folders that are no images. */
  readonly others: number;
};

/**
 * The files that were dropped, also those in folders. To be called while the event is handled: browsers empty it after.
 * A file that was dropped by itself is taken as it is, and reported if it is no image; a folder may hold other files.
 */
export function droppedFiles(data: DataTransfer): Promise<Found> {
  const entries = [...data.items].flatMap(item => item.webkitGetAsEntry?.() ?? []);
  const files = [...data.files].map(file => ({ file, path: file.name }));
  return entries.some(entry => entry.isDirectory)
    ? walk(entries)
    : Promise.resolve({ images: files, others: 0 });
}

/** The files of a chosen folder. */
export function filesOfFolder(files: readonly File[]): Found {
  const found = files.filter(file => !isHidden(file.webkitRelativePath));
  const images = found.filter(isImage).map(file => ({ file, path: file.webkitRelativePath || file.name }));
  return { images, others: found.length - images.length };
}

async function walk(entries: readonly FileSystemEntry[]): Promise<Found> {
  const images: Dropped[] = [];
  let others = 0;
  for (const entry of entries) {
    if (isHidden(entry.fullPath)) continue;
    if (isFolder(entry)) {
      const inside = await walk(await entriesOf(entry));
      images.push(...inside.images);
      others += inside.others;
    } else if (isFile(entry)) {
      const file = await new Promise<File>((resolve, reject) => entry.file(resolve, reject));
      if (isImage(file)) images.push({ file, path: entry.fullPath.replace(/^\//, '') });
      else others += 1;
    }
  }
  return { images, others };
}

/** All of a folder: a reader returns a hundred entries at a time. */
async function entriesOf(folder: FileSystemDirectoryEntry): Promise<FileSystemEntry[]> {
  const reader = folder.createReader();
  const all: FileSystemEntry[] = [];
  for (;;) {
    const some = await new Promise<FileSystemEntry[]>((resolve, reject) =>
      reader.readEntries(resolve, reject),
    );
    if (some.length === 0) return all;
    all.push(...some);
  }
}

// Chromium does not know the names of these interfaces, so they are distinguished by their own properties.
const isFolder = (entry: FileSystemEntry): entry is FileSystemDirectoryEntry => entry.isDirectory;
const isFile = (entry: FileSystemEntry): entry is FileSystemFileEntry => entry.isFile;

const isImage = (file: File): boolean => typeOf(file) !== null;

const isHidden = (path: string): boolean => path.split('/').some(part => part.startsWith('.'));
