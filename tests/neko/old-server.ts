import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { QdrantClient } from '@qdrant/js-client-rest';
import { sha1Hex, uploadId } from '../../shared/catalog/ids.ts';
import { openOldGallery } from '../../shared/neko/old-gallery.ts';
import { openFolderStore } from '../../shared/objects/folder-store.ts';
import { startQdrantServer } from '../qdrant-server/server.ts';

const COLLECTION = 'NekoImg';
/** As MappedImage.payload of NekoImageGallery writes it. */
const PAYLOAD = {
  url: null,
  thumbnail_url: null,
  ocr_text: null,
  ocr_text_lower: null,
  index_date: '2024-03-05T06:07:08.123456',
  width: 40,
  height: 30,
  aspect_ratio: 4 / 3,
  starred: false,
  categories: null,
  local: true,
  local_thumbnail: false,
  format: 'png',
  comments: null,
};

export type OldServer = Awaited<ReturnType<typeof startOldServer>>;

/** What is left of a NekoImageGallery: its collection in a Qdrant, and its static folder. */
export async function startOldServer(folder: string, dimension: number) {
  const server = await startQdrantServer();
  const client = new QdrantClient({ url: server.url, checkCompatibility: false });
  const vector = { size: dimension, distance: 'Cosine' as const };
  await client.createCollection(COLLECTION, {
    vectors: { image_vector: vector, text_contain_vector: vector },
  });
  mkdirSync(join(folder, 'thumbnails'), { recursive: true });
  const written = server.requests.length;

  const addPoint = async (id: string, payload: object, image_vector?: Float32Array): Promise<string> => {
    const points = [
      { id, vector: image_vector ? { image_vector: [...image_vector] } : {}, payload: { ...payload } },
    ];
    await client.upsert(COLLECTION, { points, wait: true });
    return id;
  };
  return {
    url: server.url,
    folder,
    faults: server.faults,
    addPoint,
    /** Requests of others than this. */
    requestsAfter: (count: number) => server.requests.slice(count),
    requests: () => server.requests.length,
    written,
    /** An image that it stored; its id. */
    async add(
      bytes: Uint8Array,
      payload: Partial<Record<keyof typeof PAYLOAD, unknown>> = {},
      options: { id?: string; file?: string | null; vector?: Float32Array } = {},
    ): Promise<string> {
      const id = options.id ?? uploadId(sha1Hex(bytes));
      const format = String(payload.format ?? PAYLOAD.format);
      const file = options.file === undefined ? `${id}.${format}` : options.file;
      if (file !== null) writeFileSync(join(folder, file), bytes);
      return addPoint(id, { ...PAYLOAD, url: `/static/${id}.${format}`, ...payload }, options.vector);
    },
    remove: (file: string) => rmSync(join(folder, file)),
    async source() {
      return {
        gallery: openOldGallery({ url: server.url, collection: COLLECTION }),
        storage: await openFolderStore(folder, { readOnly: true }),
        maxBytes: 1_000_000,
      };
    },
    close: () => server.close(),
  };
}
