import type { Exif } from './exif.ts';
import type { ImageFormat } from './formats.ts';
import type { OcrLine } from './ocr-line.ts';
import type { OcrError } from './payload.ts';
import type { Taken } from './taken.ts';

/** What an image is. */
export type ImageFacts = {
  readonly format: ImageFormat;
  /** px, upright. */
  readonly width: number;
  readonly height: number;
  /** The file is damaged: it is read as far as it goes, at least half of its rows. */
  readonly damaged: boolean;
};

/** All that is read off an image's bytes, in one decode. */
export type ImageDescription = ImageFacts & {
  readonly bytes: number;
  readonly sha1: string;
  /** What the file itself says of when it was taken; null where it says nothing. */
  readonly taken: Taken | null;
  readonly exif: Exif | null;
  /** 16 hex digits. */
  readonly dhash: string;
  /** ThumbHash, base64. */
  readonly placeholder: string;
  /** WebP within 256 × 256, and WebP of long edge 768 at the most; never enlarged. */
  readonly thumbnail: Uint8Array;
  readonly preview: Uint8Array;
  /** Float32Array[dimension of the vision model], unit length. */
  readonly embedding: Float32Array;
  /** Null where words were not to be read. */
  readonly words: WordsInImage | null;
};

/** What OCR read: '' and no embedding when there are no words. */
export type WordsInImage = {
  readonly text: string;
  readonly lines: readonly OcrLine[];
  /** Float32Array[dimension of the text model], unit length; null when there is no text. */
  readonly embedding: Float32Array | null;
  /** Set when OCR was given up. */
  readonly error: OcrError | null;
};

/** The words of an image whose words could not be read; it is still found by what it shows. */
export const wordsGivenUp = (error: OcrError): WordsInImage => ({
  text: '',
  lines: [],
  embedding: null,
  error,
});

/** A part of an upright image, in shares of its width and height, from the upper left corner. */
export type Region = {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
};

export type DescribeOptions = {
  readonly ocr: boolean;
  /** Float32Array[dimension], unit length, where it is known: the model is not run. */
  readonly embedding?: Float32Array | undefined;
};

/**
 * Port: from bytes to description. The laptop and the embed function have a pool of processes, so that nothing
 * is decoded in the main one; the search function runs the same code inline.
 * All throw image_empty, not_an_image, image_unsupported, image_corrupt, image_too_many_pixels; in a pool also image_timeout,
 * image_unreadable and, where a later try may succeed, machine_busy. They may take the bytes over: don't use them
 * afterwards.
 */
export interface ImageReader {
  describe(bytes: Uint8Array, options: DescribeOptions): Promise<ImageDescription>;
  /** The words alone, of an image that was described without. */
  readWords(bytes: Uint8Array): Promise<WordsInImage>;
  /** Float32Array[dimension], unit length: the vision embedding alone, of the image or of a part, for a search. */
  embed(bytes: Uint8Array, region?: Region): Promise<Float32Array>;
  /** The whole image, upright and over white, as a WebP that browsers show; within 16,383 × 16,383 px. */
  render(bytes: Uint8Array): Promise<Uint8Array>;
  /** Decodes it as `describe` does and throws what that would, so that an upload is rejected while its sender listens. */
  check(bytes: Uint8Array): Promise<ImageFacts>;
  close(): Promise<void>;
}
