import { z } from 'zod';
import { DEFAULT_MAX_BYTES, DEFAULT_MAX_PIXELS } from './catalog/limits.ts';
import { SemblanceError } from './errors.ts';

/** Parts between commas, trimmed; none of them may be empty. */
const listOf = (part: z.ZodType<string, string>) =>
  z
    .string()
    .transform(text => text.split(',').map(each => each.trim()))
    .pipe(z.array(part));

/**
 * A token travels in a header field (RFC 9110 §5.5) that browsers send as Latin-1 and proxies may rewrite, so it is
 * of visible ASCII characters. An empty one would let in whoever sends an empty header.
 */
const token = z
  .string()
  .trim()
  .min(1, 'a token is empty; remove the variable where none is wanted')
  .regex(/^[\x21-\x7e]+$/, 'a token may only have visible ASCII characters, since a header carries it');

/** `scheme://host[:port]` as a browser's Origin header has it (RFC 6454 §6.2), or `*`. */
const origin = z.string().transform((text, ctx) => {
  if (text === '*') return text;
  const url = URL.parse(text);
  if (url && url.host !== '' && url.username === '' && /^\/?$/.test(url.pathname + url.search + url.hash))
    return `${url.protocol}//${url.host}`.toLowerCase();
  ctx.addIssue('must be origins such as https://example.org, separated by commas, or *');
  return z.NEVER;
});

/** Decimal digits alone: an empty text, 0x0d1b and 1e3 are mistakes. */
function integer(least: number, most?: number) {
  const message = `must be a whole number ${most === undefined ? `of ${least} or more` : `from ${least} to ${most}`}`;
  return z
    .string()
    .regex(/^\d{1,15}$/, message)
    .transform(Number)
    .refine(value => value >= least && value <= (most ?? value), message);
}

const positiveInteger = integer(1);

const notEmpty = z.string().min(1, 'must not be empty');

const flag = z
  .enum(['on', 'off', 'true', 'false', '1', '0'])
  .transform(text => text === 'on' || text === 'true' || text === '1');

const httpUrl = z.url({ protocol: /^https?$/, error: 'must be an http or https URL' });

/**
 * Everything that can be set from outside, by the names of environment variables. The laptop, the functions
 * and the stacks' tests read the same schema.
 */
export const environmentSchema = z.strictObject({
  PORT: integer(0, 65_535).default(3000),
  HOST: z
    .string()
    .regex(/^[\w.:%-]+$/, 'must be an address or a name of this machine')
    .default('127.0.0.1'),
  SEMBLANCE_DATA: notEmpty.default('.semblance'),
  SEMBLANCE_MODEL: notEmpty.optional(),
  SEMBLANCE_MODEL_BASE_URL: httpUrl.default('https://huggingface.co'),
  QDRANT_URL: httpUrl.optional(),
  QDRANT_API_KEY: notEmpty.optional(),
  SEMBLANCE_BUCKET: z.string().min(3).optional(),
  SEMBLANCE_PREFIX: z.string().default(''),
  SEMBLANCE_UPLOADS_BUCKET: z.string().min(3).optional(),
  SEMBLANCE_DERIVED_BUCKET: z.string().min(3).optional(),
  SEMBLANCE_ROUTER_SECRET: z.string().min(20).optional(),
  SEMBLANCE_MEDIA_URL: httpUrl.optional(),
  SEMBLANCE_MEDIA_KEY_ID: z.string().min(1).optional(),
  SEMBLANCE_MEDIA_PRIVATE_KEY: z.string().startsWith('-----BEGIN').optional(),
  SEMBLANCE_QUEUE_URL: httpUrl.optional(),
  SEMBLANCE_ACCESS_TOKENS: listOf(token).default([]),
  SEMBLANCE_ACCESS_TOKEN: token.optional(),
  SEMBLANCE_ADMIN_TOKENS: listOf(token).default([]),
  SEMBLANCE_ADMIN_TOKEN: token.optional(),
  SEMBLANCE_CORS_ORIGINS: listOf(origin).default([]),
  SEMBLANCE_SHARING: flag.default(false),
  SEMBLANCE_RATE_LIMIT: positiveInteger.optional(),
  SEMBLANCE_MAX_PIXELS: positiveInteger.default(DEFAULT_MAX_PIXELS),
  SEMBLANCE_MAX_BYTES: positiveInteger.default(DEFAULT_MAX_BYTES),
  SEMBLANCE_OCR: flag.default(true),
  SEMBLANCE_LOG: z.enum(['debug', 'info', 'warn', 'error']).default('info'),
  SEMBLANCE_ID_NAMESPACE: z.uuid().optional(),
});

type Environment = z.output<typeof environmentSchema>;

/** The configuration as the code uses it; sizes in bytes and pixels. */
export type Config = ReturnType<typeof parseConfig>;

/**
 * The variables as they are set, with their defaults. Names that are not ours are ignored, except that an
 * unknown name beginning with SEMBLANCE_ is rejected: it is most likely a misspelling.
 * @throws bad_configuration with one line that names the variable
 */
export function parseEnvironment(environment: Record<string, string | undefined>): Environment {
  const known = Object.keys(environmentSchema.shape);
  const ours = Object.entries(environment).filter(
    ([name, value]) => value !== undefined && (known.includes(name) || name.startsWith('SEMBLANCE_')),
  );
  const parsed = environmentSchema.safeParse(Object.fromEntries(ours));
  if (!parsed.success) throw new SemblanceError('bad_configuration', describeIssue(parsed.error.issues[0]));
  return parsed.data;
}

/**
 * Reads the configuration from environment variables.
 * @throws bad_configuration
 */
export function parseConfig(environment: Record<string, string | undefined>) {
  const e = parseEnvironment(environment);
  return {
    host: e.HOST,
    port: e.PORT,
    dataFolder: e.SEMBLANCE_DATA,
    model: e.SEMBLANCE_MODEL,
    modelBaseUrl: e.SEMBLANCE_MODEL_BASE_URL.replace(/\/+$/, ''),
    qdrant: e.QDRANT_URL ? { url: e.QDRANT_URL, apiKey: e.QDRANT_API_KEY } : undefined,
    bucket: e.SEMBLANCE_BUCKET,
    prefix: e.SEMBLANCE_PREFIX,
    uploadsBucket: e.SEMBLANCE_UPLOADS_BUCKET,
    derivedBucket: e.SEMBLANCE_DERIVED_BUCKET,
    /** Only requests that carry it are accepted: the router sets it. */
    routerSecret: e.SEMBLANCE_ROUTER_SECRET,
    media: mediaOf(e),
    queueUrl: e.SEMBLANCE_QUEUE_URL,
    accessTokens: [
      ...e.SEMBLANCE_ACCESS_TOKENS,
      ...(e.SEMBLANCE_ACCESS_TOKEN === undefined ? [] : [e.SEMBLANCE_ACCESS_TOKEN]),
    ],
    adminTokens: [
      ...e.SEMBLANCE_ADMIN_TOKENS,
      ...(e.SEMBLANCE_ADMIN_TOKEN === undefined ? [] : [e.SEMBLANCE_ADMIN_TOKEN]),
    ],
    corsOrigins: e.SEMBLANCE_CORS_ORIGINS,
    /** Whether links may be made that show an image without a token. */
    sharing: e.SEMBLANCE_SHARING,
    /** Requests a minute and token; undefined: unlimited. */
    rateLimit: e.SEMBLANCE_RATE_LIMIT,
    maxPixels: e.SEMBLANCE_MAX_PIXELS,
    maxBytes: e.SEMBLANCE_MAX_BYTES,
    ocr: e.SEMBLANCE_OCR,
    logLevel: e.SEMBLANCE_LOG,
    idNamespace: e.SEMBLANCE_ID_NAMESPACE,
  };
}

/** CloudFront's signed URLs of thumbnails and previews: all three variables or none. */
function mediaOf(e: Environment) {
  const { SEMBLANCE_MEDIA_URL: url, SEMBLANCE_MEDIA_KEY_ID: keyPairId } = e;
  const privateKey = e.SEMBLANCE_MEDIA_PRIVATE_KEY;
  if (url && keyPairId && privateKey) return { url: url.replace(/\/+$/, ''), keyPairId, privateKey };
  if (!url && !keyPairId && !privateKey) return undefined;
  throw new SemblanceError(
    'bad_configuration',
    'SEMBLANCE_MEDIA_URL, SEMBLANCE_MEDIA_KEY_ID and SEMBLANCE_MEDIA_PRIVATE_KEY belong together',
  );
}

function describeIssue(issue: z.core.$ZodIssue | undefined): string {
  if (issue?.code === 'unrecognized_keys') return `${issue.keys.join(', ')} is not a variable of Semblance`;
  return `${String(issue?.path[0] ?? 'environment')}: ${issue?.message ?? 'invalid'}`;
}
