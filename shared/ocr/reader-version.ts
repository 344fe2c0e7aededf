/**
 * Names what reads words off images. Raise it whenever the models or shared/ocr read something else than before, so
 * that what was read by an older one is read again.
 */
export const READER_VERSION = 'pp-ocrv6-small 1';
