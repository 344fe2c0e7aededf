import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

/** What `sst secret set` stores and a deploy needs. */
export const SECRET_NAMES = [
  'QdrantUrl',
  'QdrantApiKey',
  'AccessTokens',
  'AdminTokens',
  'AlarmEmail',
] as const;
export type SecretName = (typeof SECRET_NAMES)[number];

/** MB that Lambda offers to a function. */
const memory = z.number().int().min(512).max(10_240);

/**
 * What may differ by stage, in `stacks/stages/STAGE.json`; every field may be left out. A field of another name
 * is rejected, since it is most likely a misspelling.
 */
export const settingsSchema = z.strictObject({
  region: z
    .string()
    .regex(/^[a-z]{2}(-[a-z]+)+-\d$/, 'must be a region such as eu-central-1')
    .default('eu-central-1'),
  /** A domain in Route 53 for the page; without one the page has CloudFront's address. */
  domain: z.string().min(4).optional(),
  /** US dollars a month for the whole account; mail is sent at 80 % and when more is forecast. */
  budget: z.number().positive().default(10),
  /**
   * A bucket that exists already and is only read. Its notifications must include EventBridge; uploads and all
   * that is derived from its images lie in buckets of the stage.
   */
  existingBucket: z.string().min(3).max(63).optional(),
  /** Only objects whose key begins with it are images of this stage; of an existing bucket. */
  prefix: z.string().default(''),
  /** Whether the words in images are read. */
  ocr: z.boolean().default(true),
  maxPixels: z.number().int().positive().optional(),
  maxBytes: z.number().int().positive().optional(),
  /** The processor of both functions; `npm run build:lambda` builds its tree for the same. */
  architecture: z.enum(['x86_64', 'arm64']).default('x86_64'),
  embed: z
    .strictObject({
      memory: memory.default(3008),
      /** Functions at once: what a Qdrant cluster of one node takes, and the most that many uploads cost. */
      concurrency: z.number().int().min(2).max(1000).default(5),
    })
    .prefault({}),
  search: z
    .strictObject({
      memory: memory.default(1769),
      /** Requests a minute and token, or address; counted by each instance. */
      rateLimit: z.number().int().positive().default(600),
      /** Whether links may be made that show one image or one search to whoever has them. */
      sharing: z.boolean().default(false),
    })
    .prefault({}),
});
export type Settings = z.infer<typeof settingsSchema>;

/** A month's budget of the two stages with a fixed name. */
const BUDGETS: Readonly<Record<string, number>> = { production: 100, staging: 30 };

export const settingsFile = (stage: string): string => join('stacks', 'stages', `${stage}.json`);

/**
 * The settings of a stage: its file, or the defaults.
 * @param root folder of the project
 * @throws Error with one line for each field that is wrong
 */
export function readSettings(root: string, stage: string): Settings {
  const fault = stageNameFault(stage);
  if (fault) throw new Error(`The stage name '${stage}' ${fault}`);
  const file = join(root, settingsFile(stage));
  const parsed = settingsSchema.safeParse({
    ...(BUDGETS[stage] === undefined ? {} : { budget: BUDGETS[stage] }),
    ...(existsSync(file) ? jsonObject(file) : {}),
  });
  if (parsed.success) return parsed.data;
  const lines = parsed.error.issues.map(issue => `  ${issue.path.join('.') || 'the file'}: ${issue.message}`);
  throw new Error(`${settingsFile(stage)} is not valid:\n${lines.join('\n')}`);
}

function jsonObject(file: string): object {
  try {
    return z.record(z.string(), z.unknown()).parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch (error) {
    throw new Error(`${file} is not a JSON object`, { cause: error });
  }
}

/**
 * Why AWS would reject resources named after a stage, or null. Names of repositories, roles and buckets take lower
 * case alone, and the longest, a function's role, must stay within 64 characters.
 */
export function stageNameFault(stage: string): string | null {
  if (stage.length > 30) return 'has more than 30 characters';
  if (!/^[a-z]([a-z0-9-]*[a-z0-9])?$/.test(stage))
    return "may have lower-case letters, digits and '-' only, and begins with a letter";
  return null;
}

/** Why a list of tokens can't be used, or null. Blank tokens would leave a gallery open to everybody. */
export function tokenListFault(list: string): string | null {
  const tokens = list.split(',').map(token => token.trim());
  if (tokens.some(token => token === '')) return 'is blank, or has a blank entry between its commas';
  if (tokens.some(token => !/^[\x21-\x7e]+$/.test(token)))
    return 'has a character that no HTTP header can carry (only printable ASCII without spaces can)';
  return null;
}
