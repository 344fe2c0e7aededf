/**
 * What reads the words in images (shared/ocr). Another reader, or the same one that reads otherwise, gets another
 * name: images whose words were read by an earlier one are then read again, in the background, and found by what it read meanwhile.
 */
const READER = 'pp-ocrv6-small-2';

/** What embeds them and takes them apart for BM25 and phrases; see VECTOR_OF in collection.ts. */
const FINDER = 'semblance-words-v1';

export const WORDS_VERSION = `${READER}/${FINDER}`;
