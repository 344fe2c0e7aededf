import { z } from 'zod';
import { DEFAULT_MAX_BYTES, DEFAULT_MAX_PIXELS } from './catalog/limits.ts';
import { SemblanceError } from './errors.ts';

const list = z
  .string()
  .default('')
  .transform(text =>
    text
      .split(',')
      .map(part => part.trim())
      .filter(part => part !== ''),
  );

const number = z.coerce.number({
  error: ({ code }) => (code === 'invalid_type' ? 'must be a number' : undefined),
});

const positiveInteger = number.int().positive();

const flag = z
  .enum(['on', 'off', 'true', 'false', '1', '0'])
  .transform(text => text === 'on' || text === 'true' || text === '1');

const httpUrl = z.url({ protocol: /^https?$/, error: 'must be an http or https URL' });

/**
 * Everything that can be set from outside, by the names of environment variables. The laptop, the functions
 * and the stacks' tests read the same schema.
 */
export const environmentSchema = z.strictObject({
  PORT: number.int().min(0).max(65_535).default(3000),
  HOST: z.string().min(1).default('127.0.0.1'),
  SEMBLANCE_DATA: z.string().min(1).default('.semblance'),
  SEMBLANCE_MODEL: z.string().min(1).optional(),
  SEMBLANCE_MODEL_BASE_URL: httpUrl.default('https://huggingface.co'),
  QDRANT_URL: httpUrl.optional(),
  QDRANT_API_KEY: z.string().min(1).optional(),
  SEMBLANCE_BUCKET: z.string().min(3).optional(),
  SEMBLANCE_PREFIX: z.string().default(''),
  SEMBLANCE_DERIVED_BUCKET: z.string().min(3).optional(),
  SEMBLANCE_QUEUE_URL: httpUrl.optional(),
  SEMBLANCE_ACCESS_TOKENS: list,
  SEMBLANCE_ACCESS_TOKEN: z.string().default(''),
  SEMBLANCE_ADMIN_TOKENS: list,
  SEMBLANCE_ADMIN_TOKEN: z.string().default(''),
  SEMBLANCE_CORS_ORIGINS: list,
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
    derivedBucket: e.SEMBLANCE_DERIVED_BUCKET,
    queueUrl: e.SEMBLANCE_QUEUE_URL,
    accessTokens: tokens(e.SEMBLANCE_ACCESS_TOKENS, e.SEMBLANCE_ACCESS_TOKEN),
    adminTokens: tokens(e.SEMBLANCE_ADMIN_TOKENS, e.SEMBLANCE_ADMIN_TOKEN),
    corsOrigins: e.SEMBLANCE_CORS_ORIGINS,
    /** Requests a minute and token; undefined: unlimited. */
    rateLimit: e.SEMBLANCE_RATE_LIMIT,
    maxPixels: e.SEMBLANCE_MAX_PIXELS,
    maxBytes: e.SEMBLANCE_MAX_BYTES,
    ocr: e.SEMBLANCE_OCR,
    logLevel: e.SEMBLANCE_LOG,
    idNamespace: e.SEMBLANCE_ID_NAMESPACE,
  };
}

/** An empty token never passes: it would let in whoever sends an empty header. */
const tokens = (several: string[], single: string): string[] =>
  [...several, single.trim()].filter(token => token !== '');

function describeIssue(issue: z.core.$ZodIssue | undefined): string {
  if (issue?.code === 'unrecognized_keys') return `${issue.keys.join(', ')} is not a variable of Semblance`;
  return `${issue?.path.join('.') ?? 'environment'}: ${issue?.message ?? 'invalid'}`;
}
