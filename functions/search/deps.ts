import type { ImageFormat } from '../../shared/catalog/formats.ts';
import type { ImageReader } from '../../shared/catalog/image-description.ts';
import { SEARCH_IMAGE_BYTES } from '../../shared/catalog/limits.ts';
import type { ErrorCode, SemblanceError } from '../../shared/errors.ts';
import type { Library } from '../../shared/indexing/library.ts';
import type { Log } from '../../shared/log.ts';
import type { ModelInfo, TextEncoder } from '../../shared/models/encoder.ts';
import type { ObjectStore } from '../../shared/objects/object-store.ts';
import type { Calibrations } from '../../shared/search/calibration.ts';
import type { IndexedImage } from '../../shared/search/images.ts';
import type { KnownModel } from '../../shared/search/language.ts';
import type { VectorIndex } from '../../shared/vectors/vector-index.ts';
import type { Page } from './page.ts';

/** The dependencies of the HTTP app; the laptop and Lambda each provide their own. */
export type AppDeps = {
  readonly index: VectorIndex;
  /** How scores of the index are to be read. */
  readonly calibrations: Calibrations;
  readonly library: Library;
  /** Text tower of the vision model. */
  readonly text: TextEncoder;
  /** Encoder of words in images; null while OCR is off, then `basis=ocr` is rejected. */
  readonly ocrText: TextEncoder | null;
  /** Reads images, for searches by image and to check uploads. */
  readonly images: Pick<ImageReader, 'embed' | 'check' | 'render'>;
  /** Models that a language notice may name; shared/models/registry.ts's MODEL_ROWS. */
  readonly models: readonly KnownModel[];
  readonly urls: ImageUrls;
  readonly uploads: UploadUrls;
  readonly originals: ObjectStore;
  readonly derived: ObjectStore;
  /** Whether /static serves images; false where they leave by signed URL. */
  readonly servesFiles: boolean;
  /** The gallery page for browsers at `/`; null where another origin serves it. */
  readonly page: Page | null;
  /** What indexing waits for in this process; null while it goes on, and where another process indexes. */
  readonly indexingTrouble: () => SemblanceError | null;
  /** Whether all dependencies respond; throws a SemblanceError when one does not. */
  readonly ready: () => Promise<void>;
  readonly about: About;
  readonly access: AccessRules;
  readonly limits: Limits;
  /** Where uploads are kept while they are read. */
  readonly temporaryFolder: string;
  /** False on Lambda, where events end at once and the browser asks again. */
  readonly liveEvents: boolean;
  /** Aborted when the process is to stop, so that event streams end. */
  readonly closing?: AbortSignal;
  readonly log: Log;
};

/** What `GET /` says of this server, as `semblance`. */
export type About = {
  /** The bundled images, the user's own folder, or a bucket. */
  readonly gallery: 'demo' | 'folder' | 'bucket';
  readonly model: Pick<ModelInfo, 'name' | 'demo' | 'languages'>;
  /** A sentence where another model is used instead of the configured one; else null. */
  readonly notice: string | null;
};

/** URLs under which a client finds an image's files. A path beginning with `/` is relative to the API's base. */
export type ImageUrls = (
  kind: 'original' | 'thumbnail' | 'preview' | 'rendition',
  image: IndexedImage,
) => Promise<string>;

/** How bytes of an upload come in without passing through a multipart body. */
export type UploadUrls = {
  /** A URL that takes exactly these bytes. */
  announce(upload: AnnouncedUpload): Promise<UploadTarget>;
  /** Where the URL is one of this server's own. */
  readonly receiver?: {
    /** What a URL's ticket was given for; null when it is forged or too old. */
    open(ticket: string): AnnouncedUpload | null;
    /** Keeps the finished file (taking it over) and queues it. */
    store(upload: AnnouncedUpload, file: string): Promise<void>;
  };
};

/** An upload whose record is known before its bytes. */
export type AnnouncedUpload = {
  readonly id: string;
  readonly key: string;
  readonly bytes: number;
  /** Media type, e.g. image/jpeg. */
  readonly contentType: string;
  /** Lower-case hex. */
  readonly sha1: string;
  readonly format: ImageFormat;
};

export type UploadTarget = {
  readonly url: string;
  readonly method: 'PUT';
  readonly headers: Readonly<Record<string, string>>;
  readonly expiresAt: Date;
};

export type AccessRules = {
  /** Any of them opens /search and /images; none: they are open. */
  readonly accessTokens: readonly string[];
  /** Any of them opens /admin. */
  readonly adminTokens: readonly string[];
  /** Origins, as browsers send them, that may read responses beside the page's own; '*' is any. */
  readonly corsOrigins: readonly string[];
  /**
   * laptop: without an admin token, /admin is open to this machine's own pages and programs; without an access
   * token, names that are not this machine's are rejected. cloud: without an admin token /admin is off.
   */
  readonly place: 'laptop' | 'cloud';
  /** Whether links may be made that show an image or a search without a token. */
  readonly sharing?: boolean;
  /** Requests a minute for each token, or address without one; undefined: no limit. */
  readonly rateLimit?: number | undefined;
  /** Set behind a router that adds it to every request: what comes without it went around the router. */
  readonly routerSecret?: string | undefined;
};

export type Limits = {
  /** Bytes of an image that is uploaded through the API. */
  readonly upload: number;
  /** Bytes and pixels of an image that is indexed, however it comes. */
  readonly stored: number;
  readonly pixels: number;
  /** Bytes of an image to search by. */
  readonly searchImage: number;
  /** Bytes of a whole request; more is 413 before it is read. */
  readonly request: number;
  /** ms without a byte of the body, after which reading is given up. */
  readonly idle: number;
};

type Indexed = { readonly maxBytes: number; readonly maxPixels: number };

/** Limits of the laptop: what is indexed can be uploaded; 10 MiB to search by. */
export const laptopLimits = ({ maxBytes, maxPixels }: Indexed): Limits => ({
  upload: maxBytes,
  stored: maxBytes,
  pixels: maxPixels,
  searchImage: SEARCH_IMAGE_BYTES,
  request: Math.max(maxBytes, SEARCH_IMAGE_BYTES) + 1_048_576,
  idle: 20_000,
});

/** bytes; Lambda takes 6 MB a request, base64 included. */
const LAMBDA_REQUEST = 4_400_000;

/** Limits behind Lambda; larger uploads go to the bucket by POST /uploads. */
export const lambdaLimits = ({ maxBytes, maxPixels }: Indexed): Limits => ({
  upload: LAMBDA_REQUEST,
  stored: maxBytes,
  pixels: maxPixels,
  searchImage: LAMBDA_REQUEST,
  request: LAMBDA_REQUEST,
  idle: 20_000,
});

/** Variables of a request. */
export type ApiEnv = {
  Variables: {
    requestId: string;
    /** '/api' or '', as the client wrote it. */
    base: '' | '/api';
    /** The same with what a proxy took off before it: `/gallery/api`. */
    publicBase: string;
    /** ms by name, for Server-Timing. */
    timings: Map<string, number>;
    /** ms without a byte of the body, after which reading is given up. */
    idle: number;
    /** Whether the request's body was read to its end. */
    bodyRead: boolean;
    /** Code of the error in the response. */
    errorCode: ErrorCode | undefined;
  };
};
