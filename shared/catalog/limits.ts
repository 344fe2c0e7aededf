/** Sizes and limits of images. This file imports nothing, so that the page can use it too. */

/** px: a thumbnail fits into a square of this edge. */
export const THUMBNAIL_EDGE = 256;

/** px: the long edge of a preview. */
export const PREVIEW_EDGE = 768;

/** bytes: an upload with more gets a thumbnail where one is made "if necessary" (contract: 500 KiB in bytes). */
export const THUMBNAIL_NECESSARY_BYTES = 512_000;

/** bytes: 10 MiB, the largest image to search by. */
export const SEARCH_IMAGE_BYTES = 10_485_760;

/** What is indexed unless SEMBLANCE_MAX_PIXELS and SEMBLANCE_MAX_BYTES say otherwise. */
export const DEFAULT_MAX_PIXELS = 100_000_000;
export const DEFAULT_MAX_BYTES = 50_000_000;
