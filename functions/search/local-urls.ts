import type { ImageUrls } from './deps.ts';

/** URLs that this server itself serves. They contain no base: clients put theirs before them. */
export const localUrls: ImageUrls = async (kind, { id, payload }) =>
  kind === 'original' ? `/static/${id}.${payload.format}` : `/static/${kind}s/${id}.webp`;
