/** Where an image's derived objects lie, in the derived store. */
export const thumbnailKey = (id: string): string => `thumbnails/${id}.webp`;
export const previewKey = (id: string): string => `previews/${id}.webp`;
export const recordKey = (id: string): string => `records/${id}.json`;
export const failureKey = (id: string): string => `failures/${id}.json`;
