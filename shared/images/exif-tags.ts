import ExifReader from 'exifreader';

/** Metadata by name: EXIF's, and IPTC's beside. */
export type MetadataTags = Readonly<
  Record<string, { readonly value?: unknown; readonly description?: unknown } | undefined>
>;

/** Null where there is none, or it can't be read. */
export function readMetadata(bytes: Uint8Array): MetadataTags | null {
  try {
    // a view: `load` would copy the whole file
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const { exif, iptc } = ExifReader.loadView(view, { expanded: true });
    return { ...iptc, ...exif };
  } catch {
    return null;
  }
}
