import type { PictureUrls } from './deps.ts';

/** URLs that this server itself answers. They name no base: clients put theirs before them. */
export const localUrls: PictureUrls = async (kind, { id, payload }) =>
  kind === 'original' ? `/static/${id}.${payload.format}` : `/static/${kind}s/${id}.webp`;
