import ExifReader from 'exifreader';

/** Metadata by name: EXIF's, and IPTC's beside. */
export type MetadataTags = Readonly<Record<string, MetadataTag | undefined>>;
export type MetadataTag = { readonly value?: unknown; readonly description?: unknown };

/** Null where there is none, or it can't be read. */
export function readMetadata(bytes: Uint8Array): MetadataTags | null {
  try {
    // A view, since `load` would copy the whole file.
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const { exif, iptc } = ExifReader.loadView(view, { expanded: true });
    const tags: Record<string, unknown> = { ...iptc, ...exif };
    return Object.fromEntries(
      Object.entries(tags).filter((entry): entry is [string, MetadataTag] => isTag(entry[1])),
    );
  } catch {
    return null;
  }
}

const isTag = (value: unknown): value is MetadataTag => typeof value === 'object' && value !== null;
