import { sha1Hex } from '../catalog/ids.ts';
import type {
  ImageDescription,
  ImageFacts,
  ImageReader,
  WordsInImage,
} from '../catalog/image-description.ts';
import { PREVIEW_EDGE, THUMBNAIL_EDGE } from '../catalog/limits.ts';
import { SemblanceError } from '../errors.ts';
import type { ImageEncoder, PixelSpec } from '../models/encoder.ts';
import { cropRgb } from './crop.ts';
import { decodeImage } from './decode.ts';
import type { DecodedImage } from './decoded-image.ts';
import { exifFacts } from './exif-facts.ts';
import { readMetadata } from './exif-tags.ts';
import { differenceHash, placeholderOf } from './fingerprints.ts';
import { preparePixels } from './preprocess.ts';
import { release } from './release.ts';
import type { RgbImage } from './resize.ts';
import { takenAt } from './taken-at.ts';
import { encodeWebp, shrinkWithin } from './thumbnails.ts';

export type ImageReaderOptions = {
  readonly imageEncoder: ImageEncoder;
  readonly maxPixels: number;
  /** Waits until an image may be decoded that takes so many bytes; left out: at once. */
  readonly admit?: (bytes: number) => Promise<void>;
  /** Reads the words off the pixels of the same decode; boxes in px of what it was given. */
  readonly readWords?: (image: WordsImage) => Promise<WordsInImage>;
};

/** Pixels in which words are read, RGB over white; `alpha` says where the image is transparent, see DecodedImage. */
export type WordsImage = RgbImage & { readonly alpha?: Uint8Array | null };

/**
 * Short edge, px, to which a large image may be reduced on decoding: twice what the model sees keeps PSNR over
 * 45 dB and vectors over 0.999 alike; at inputs below 224 px more is needed (tests/images/reduced-fidelity).
 */
export const smallestEdge = ({ edge }: PixelSpec): number => 2 * Math.max(edge, 224);

/** What words need of a large photograph; its preview needs less. */
const LEGIBLE_PIXELS = 6_000_000;

/** Reads images in this process (pixel work inside sharp is in libuv's pool). */
export function openImageReader(options: ImageReaderOptions): ImageReader {
  const { imageEncoder, maxPixels, admit, readWords } = options;
  const { input } = imageEncoder.model;

  const decode = (bytes: Uint8Array, pixels = 0): Promise<DecodedImage> =>
    decodeImage(bytes, { maxPixels, short: smallestEdge(input), long: PREVIEW_EDGE, pixels }, admit);
  const embed = (image: DecodedImage): Promise<Float32Array> =>
    imageEncoder.encodePixels(preparePixels(image.rgb, image, input));

  return {
    async describe(bytes, { ocr, embedding: known }) {
      const legible = ocr && readWords;
      const image = await decode(bytes, legible ? LEGIBLE_PIXELS : 0);
      const [derived, embedding, words] = await Promise.all([
        derive(image),
        known ?? embed(image),
        legible ? wordsUpright(image, readWords) : null,
      ]);
      release(image.rgb.data);
      const tags = readMetadata(bytes);
      const facts = {
        ...factsOf(image),
        bytes: bytes.length,
        sha1: sha1Hex(bytes),
        taken: takenAt(bytes, tags),
        exif: exifFacts(bytes, tags),
      };
      return { ...facts, ...derived, embedding, words };
    },
    async readWords(bytes) {
      if (!readWords) throw new SemblanceError('basis_unavailable', 'This reader reads no words');
      return wordsUpright(await decode(bytes, LEGIBLE_PIXELS), readWords);
    },
    async embed(bytes, region) {
      if (!region) return embed(await decode(bytes));
      // The part alone is as large as a whole image would have to be.
      const short = Math.ceil(smallestEdge(input) / Math.min(region.width, region.height));
      const { rgb } = await decodeImage(bytes, { maxPixels, short, long: 0, pixels: 0 }, admit);
      const part = cropRgb(rgb, region);
      return imageEncoder.encodePixels(preparePixels(part, part, input));
    },
    async render(bytes) {
      const whole = { maxPixels, short: Number.POSITIVE_INFINITY, long: 0, pixels: 0 };
      const { rgb, profile } = await decodeImage(bytes, whole, admit);
      return encodeWebp(await shrinkWithin(rgb, LARGEST_WEBP), profile, 85);
    },
    async check(bytes) {
      return factsOf(await decode(bytes));
    },
    close: async () => {},
  };
}

const factsOf = ({ format, width, height, damaged }: DecodedImage): ImageFacts => ({
  format,
  width,
  height,
  damaged,
});

/** px; WebP has 14 bits for an edge (RFC 9649 §2.6). */
const LARGEST_WEBP = 16_383;

type Derived = Pick<ImageDescription, 'thumbnail' | 'preview' | 'dhash' | 'placeholder'>;

async function derive({ rgb, profile }: DecodedImage): Promise<Derived> {
  const large = await shrinkWithin(rgb, PREVIEW_EDGE);
  const small = await shrinkWithin(large, THUMBNAIL_EDGE);
  const derived = {
    preview: await encodeWebp(large, profile),
    thumbnail: await encodeWebp(small, profile),
    dhash: differenceHash(small),
    placeholder: placeholderOf(small),
  };
  // The bytes of a small image are the image itself, which others may still read.
  if (large !== rgb) release(large.data);
  if (small !== large) release(small.data);
  return derived;
}

/** Words with their boxes in px of the whole image, also where the pixels read were fewer. */
async function wordsUpright(
  { rgb, alpha, width }: DecodedImage,
  readWords: NonNullable<ImageReaderOptions['readWords']>,
): Promise<WordsInImage> {
  const words = await readWords({ ...rgb, alpha });
  const scale = width / rgb.width;
  const lines = words.lines.map(line => ({
    ...line,
    box: line.box.map(([x, y]): [number, number] => [x * scale, y * scale]),
  }));
  return { ...words, lines };
}
