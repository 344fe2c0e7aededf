/**
 * Every error that the product raises on purpose, each with a stable code, the HTTP status it becomes,
 * whether trying again may heal it, and a sentence that says what to do.
 */

type ErrorRow = {
  /** HTTP status of the response that carries it. */
  readonly status: number;
  /** True where a later try may succeed (network, throttling, 5xx); such work is retried with backoff. */
  readonly passing: boolean;
  /** What the user or operator can do about it. */
  readonly advice: string;
};

const row = (status: number, advice: string): ErrorRow => ({ status, passing: false, advice });
const passingRow = (status: number, advice: string): ErrorRow => ({ status, passing: true, advice });

export const ERRORS = {
  // Requests.
  invalid_request: row(422, 'Correct the named field and send it again.'),
  not_found: row(404, 'Check the id; the image may have been deleted.'),
  image_queued: row(409, 'It waits to be indexed; ask again in a moment.'),
  unauthorized: row(401, 'Send the token in X-Access-Token, for /admin in X-Admin-Token.'),
  router_bypassed: row(403, 'Use the address of the page with /api behind it.'),
  forbidden_origin: row(
    403,
    'Name its origin in SEMBLANCE_CORS_ORIGINS, or set SEMBLANCE_ACCESS_TOKENS and send one.',
  ),
  admin_elsewhere: row(
    403,
    'Change images from this machine, under its own address, or set SEMBLANCE_ADMIN_TOKENS and send one.',
  ),
  share_invalid: row(404, 'The link has expired or was revoked; ask for a new one.'),
  sharing_off: row(404, 'Set SEMBLANCE_SHARING=on where links for strangers are wanted.'),
  duplicate_image: row(409, 'The same bytes are stored already; use the id in the message.'),
  version_conflict: row(412, 'Somebody changed it meanwhile; read it again and repeat your change.'),
  not_an_upload: row(409, 'This image belongs to your folder; delete the file there.'),
  route_not_found: row(404, 'See /docs for the routes of this server.'),
  method_not_allowed: row(405, 'Use a method that the Allow header names.'),
  malformed_body: row(400, 'Send multipart/form-data as its boundary says.'),
  malformed_request: row(400, 'Send a request as HTTP/1.1 (RFC 9112) says.'),
  headers_too_large: row(
    431,
    'Send a shorter URL and headers; long texts go into the body of POST /search/query.',
  ),
  condition_failed: row(412, 'Load it again: it is not as the request says any more.'),
  range_not_satisfiable: row(416, 'Ask for bytes within the size that Content-Range names.'),
  request_timeout: row(408, 'Send the body without long pauses.'),
  upload_refused: row(403, 'Announce the upload again with POST /uploads.'),
  nothing_to_change: row(422, 'Name at least one field to change.'),
  basis_unavailable: row(400, 'OCR is off on this server; search by vision.'),
  request_too_large: row(413, 'Send a smaller file, or upload through POST /uploads.'),
  too_many_requests: row(429, 'Wait for the seconds in Retry-After.'),
  page_too_deep: row(422, 'Keep skip + count within 10,000; narrow the search instead.'),
  empty_query: row(422, 'Give a few words.'),

  // Images that can't be indexed.
  image_empty: row(422, 'Copy it again.'),
  not_an_image: row(422, 'The name of a file does not matter; convert it to JPEG, PNG or WebP.'),
  image_unsupported: row(
    415,
    'Use JPEG, PNG, WebP, GIF, AVIF, TIFF, HEIC, BMP, JPEG 2000, or a camera raw with a preview in it.',
  ),
  image_corrupt: row(422, 'The file is damaged or truncated; replace it.'),
  image_too_many_pixels: row(422, 'Raise SEMBLANCE_MAX_PIXELS or shrink the image.'),
  image_too_many_bytes: row(
    422,
    'Shrink the file; how large an image may be that is indexed, SEMBLANCE_MAX_BYTES says.',
  ),
  image_archived: row(422, 'Restore the object from its archive class; it is indexed then by itself.'),
  name_not_utf8: row(422, 'Rename it; its name is in an old encoding, such as Latin-1 or GBK.'),
  folder_denied: row(422, 'Allow this user to read the folder; it is looked at again at the next start.'),
  image_crashed: row(
    422,
    'Convert the image to JPEG, or give the process more memory; `failures retry` tries it again.',
  ),
  image_timeout: row(422, 'Decoding took too much CPU time; convert the image to JPEG.'),
  image_unreadable: row(422, 'The decoder failed on it; convert the image to JPEG or PNG.'),
  machine_busy: passingRow(
    503,
    'It is tried again later, when the machine is less busy or has more free memory.',
  ),

  // Images of another server.
  picture_missing: row(404, 'Is --storage the static folder of that server, with everything in it?'),
  picture_unreachable: passingRow(503, 'Open its url in a browser; the same command tries it again.'),

  // Configuration and start.
  invalid_arguments: row(500, 'Run the command with --help for examples.'),
  bad_configuration: row(
    500,
    'Correct the variable; `npm run semblance -- doctor` prints the whole configuration.',
  ),
  folder_missing: passingRow(503, 'Check the path; is the drive mounted?'),
  folder_emptied: row(
    409,
    'If the images are really gone, run `npm run semblance -- reconcile --allow-drop`; otherwise mount the drive.',
  ),
  data_read_only: row(500, 'Make the data folder writable, or set SEMBLANCE_DATA to one that is.'),
  disk_full: passingRow(507, 'Free some space; indexing goes on by itself, an upload is to be sent again.'),
  port_in_use: row(500, 'Stop the other program, or set PORT to a free one.'),
  index_corrupt: row(
    500,
    'Start again: the damaged file is kept aside and the index rebuilt from your images.',
  ),

  // Models.
  unknown_model: row(422, 'Run `npm run semblance -- models list` for the names.'),
  model_missing: row(500, 'Run `npm run semblance -- models pull` once while online.'),
  model_unreachable: passingRow(503, 'Check the network, or set SEMBLANCE_MODEL_BASE_URL to a mirror.'),
  model_corrupt: row(500, 'The file differs from its known SHA-256 and was not used; pull it again.'),
  model_unsupported: row(
    422,
    'Only models of type clip or siglip in the layout of transformers.js are supported.',
  ),
  ocr_failed: row(422, 'The words could not be read; the image is still found by what it shows.'),
  ocr_timeout: row(422, 'Reading the words took too long; the image is still found by what it shows.'),

  // Dependencies.
  precondition_failed: passingRow(409, 'It was changed at the same moment; try again.'),
  store_denied: row(
    502,
    'Check the permissions on the file or bucket (s3:GetObject, s3:PutObject, s3:ListBucket).',
  ),
  store_unavailable: passingRow(503, 'The object store did not respond; it is tried again.'),
  index_denied: row(502, 'Check QDRANT_API_KEY.'),
  index_rejected: row(502, 'The index rejected the request; the message has its words.'),
  index_unavailable: passingRow(503, 'The index did not respond; it is tried again.'),
  queue_denied: row(
    502,
    'Check the name of the queue and the permissions on it (sqs:SendMessage and others).',
  ),
  queue_unavailable: passingRow(503, 'The queue did not respond; it is tried again.'),
  out_of_time: passingRow(503, 'Time ran out; the rest is tried again.'),
  internal: row(500, 'This is a fault of the server; its log has the request id.'),
} as const satisfies Record<string, ErrorRow>;

export type ErrorCode = keyof typeof ERRORS;

/** The numbers in a message, by name, so that a client can word the error in another language. */
export type ErrorParameters = Readonly<Record<string, number>>;

/** An error with a code of the table above; `message` says what happened, `advice` what to do. */
export class SemblanceError extends Error {
  override readonly name = 'SemblanceError';
  readonly code: ErrorCode;
  readonly parameters: ErrorParameters;

  constructor(code: ErrorCode, message: string, options?: { cause?: unknown; parameters?: ErrorParameters }) {
    super(message, options);
    this.code = code;
    this.parameters = options?.parameters ?? {};
  }

  get status(): number {
    return ERRORS[this.code].status;
  }

  get passing(): boolean {
    return ERRORS[this.code].passing;
  }

  get advice(): string {
    return ERRORS[this.code].advice;
  }
}

/** An error as data that crosses to another thread or process. */
export type ErrorData = {
  readonly code: ErrorCode;
  readonly message: string;
  readonly parameters: ErrorParameters;
};

/** @param code of what was not thrown on purpose */
export const errorData = (error: unknown, code: ErrorCode): ErrorData => ({
  code: error instanceof SemblanceError ? error.code : code,
  message: error instanceof Error ? error.message : String(error),
  parameters: error instanceof SemblanceError ? error.parameters : {},
});

export const errorOfData = ({ code, message, parameters }: ErrorData): SemblanceError =>
  new SemblanceError(code, message, { parameters });

/** Whether a later try may succeed. What we did not raise ourselves is a fault, and faults don't heal. */
export const isPassing = (error: unknown): boolean => error instanceof SemblanceError && error.passing;

/** True for an error of the table with this code. */
export const hasCode = (error: unknown, code: ErrorCode): error is SemblanceError =>
  error instanceof SemblanceError && error.code === code;
