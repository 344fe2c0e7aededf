import { inStore } from '../state/database.ts';

/** A file that waits to be sent, as the browser keeps it. */
export type KeptUpload = {
  readonly key: string;
  /** The page that sends it; when that page goes, another takes it over. */
  readonly owner: string;
  readonly file: File;
  /** Where it lay in a folder that was dropped; the name alone otherwise. */
  readonly path: string;
  /** Why it failed; null while it waits. */
  readonly failed: { readonly code: string; readonly message: string } | null;
};

/** False where the browser keeps nothing (a private window, a full disk): the file then lives as long as the page. */
export async function keepUpload(upload: KeptUpload): Promise<boolean> {
  try {
    await inStore('uploads', 'readwrite', store => store.put(upload, upload.key));
    return true;
  } catch {
    return false;
  }
}

export async function forgetUpload(key: string): Promise<void> {
  // One that was never kept is gone already.
  await inStore('uploads', 'readwrite', store => store.delete(key)).catch(() => {});
}

export async function keptUploads(): Promise<readonly KeptUpload[]> {
  const all: unknown[] = await inStore('uploads', 'readonly', store => store.getAll()).catch(() => []);
  return all.filter(isKept);
}

const isKept = (value: unknown): value is KeptUpload =>
  typeof value === 'object' &&
  value !== null &&
  'key' in value &&
  'owner' in value &&
  'path' in value &&
  'file' in value &&
  value.file instanceof File;
