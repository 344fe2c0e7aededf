import { z } from 'zod';
import { imageIdSchema } from '../../shared/catalog/ids.ts';
import { isDateTime } from '../../shared/catalog/taken.ts';

/**
 * Fields as pydantic 2 reads them, which existing clients rely on: in a query everything is text, in JSON a
 * number or truth value may also come as text. Each names its failure with pydantic's `type`.
 */
type Failure = { readonly type: string; readonly msg: string; readonly ctx?: Record<string, unknown> };

const lax = <Out, In>(schema: z.core.JSONSchema.BaseSchema, read: (value: unknown) => Out | Failure) =>
  z
    .custom<In>()
    .transform((value, ctx): Out => {
      const result = read(value);
      if (!isFailure(result)) return result;
      ctx.issues.push({
        code: 'custom',
        input: value,
        message: result.msg,
        params: { type: result.type, ctx: result.ctx },
      });
      return z.NEVER;
    })
    .meta(schema);

const isFailure = (result: unknown): result is Failure =>
  typeof result === 'object' && result !== null && 'type' in result && 'msg' in result;

const missing: Failure = { type: 'missing', msg: 'Field required' };
const failure = (type: string, msg: string, ctx?: Record<string, unknown>): Failure =>
  ctx ? { type, msg, ctx } : { type, msg };

type Bounds = {
  readonly ge?: number;
  readonly le?: number;
  readonly gt?: number;
  readonly lt?: number;
};

function outOfBounds(value: number, { ge, le, gt, lt }: Bounds): Failure | null {
  const should = 'Input should be';
  if (ge !== undefined && value < ge)
    return failure('greater_than_equal', `${should} greater than or equal to ${ge}`, { ge });
  if (gt !== undefined && value <= gt) return failure('greater_than', `${should} greater than ${gt}`, { gt });
  if (le !== undefined && value > le)
    return failure('less_than_equal', `${should} less than or equal to ${le}`, { le });
  if (lt !== undefined && value >= lt) return failure('less_than', `${should} less than ${lt}`, { lt });
  return null;
}

const boundsSchema = ({ ge, le, gt, lt }: Bounds) => ({
  ...(ge === undefined ? {} : { minimum: ge }),
  ...(le === undefined ? {} : { maximum: le }),
  ...(gt === undefined ? {} : { exclusiveMinimum: gt }),
  ...(lt === undefined ? {} : { exclusiveMaximum: lt }),
});

const INTEGER = /^[+-]?\d+(?:\.0*)?$/;

/** A whole number; `5.0` is one, `5.5` is not. */
export const integer = (bounds: Bounds = {}) =>
  lax<number, number | string>({ type: 'integer', ...boundsSchema(bounds) }, value => {
    if (value === undefined) return missing;
    if (typeof value === 'number') {
      if (!Number.isInteger(value))
        return failure(
          'int_from_float',
          'Input should be a valid integer, got a number with a fractional part',
        );
      return outOfBounds(value, bounds) ?? value;
    }
    if (typeof value !== 'string') return failure('int_type', 'Input should be a valid integer');
    const text = value.trim();
    if (!INTEGER.test(text))
      return failure('int_parsing', 'Input should be a valid integer, unable to parse string as an integer');
    return outOfBounds(Number(text), bounds) ?? Number(text);
  });

/** A whole number of any size, as its decimal digits. */
export const integerText = () =>
  lax<string, number | string>({ type: 'integer' }, value => {
    const text = String(value).trim();
    if (!INTEGER.test(text) || text.length > 4_300)
      return failure('int_parsing', 'Input should be a valid integer, unable to parse string as an integer');
    return BigInt(text.replace(/\.0*$/, '').replace(/^\+/, '')).toString();
  });

/** A finite number. */
export const decimal = (bounds: Bounds = {}) =>
  lax<number, number | string>({ type: 'number', ...boundsSchema(bounds) }, value => {
    if (value === undefined) return missing;
    if (typeof value !== 'number' && typeof value !== 'string')
      return failure('float_type', 'Input should be a valid number');
    const number = typeof value === 'number' ? value : value.trim() === '' ? Number.NaN : Number(value);
    if (Number.isNaN(number))
      return failure('float_parsing', 'Input should be a valid number, unable to parse string as a number');
    if (!Number.isFinite(number)) return failure('finite_number', 'Input should be a finite number');
    return outOfBounds(number, bounds) ?? number;
  });

const TRUE = new Set(['true', '1', 'yes', 'on', 't', 'y']);
const FALSE = new Set(['false', '0', 'no', 'off', 'f', 'n']);

/** true/false, 1/0, yes/no, on/off, t/f, y/n in any case. */
export const truth = () =>
  lax<boolean, boolean | string>({ type: 'boolean' }, value => {
    if (value === undefined) return missing;
    if (typeof value === 'boolean') return value;
    if (typeof value !== 'string' && typeof value !== 'number')
      return failure('bool_type', 'Input should be a valid boolean');
    const text = String(value).toLowerCase();
    if (TRUE.has(text)) return true;
    if (FALSE.has(text)) return false;
    return failure('bool_parsing', 'Input should be a valid boolean, unable to interpret input');
  });

/** Text, its length in code points; lone surrogates are replaced. */
export const text = (limits: { readonly min?: number; readonly max?: number } = {}) =>
  lax<string, string>(
    {
      type: 'string',
      ...(limits.min === undefined ? {} : { minLength: limits.min }),
      ...(limits.max === undefined ? {} : { maxLength: limits.max }),
    },
    value => {
      if (value === undefined) return missing;
      if (typeof value !== 'string') return failure('string_type', 'Input should be a valid string');
      const length = codePoints(value);
      if (limits.min !== undefined && length < limits.min) return tooShort(limits.min);
      if (limits.max !== undefined && length > limits.max) return tooLong(limits.max);
      return value.toWellFormed();
    },
  );

const tooShort = (min: number): Failure =>
  failure('string_too_short', `String should have at least ${plural(min)}`, { min_length: min });
const tooLong = (max: number): Failure =>
  failure('string_too_long', `String should have at most ${plural(max)}`, { max_length: max });

const plural = (count: number): string => (count === 1 ? '1 character' : `${count} characters`);

const codePoints = (value: string): number => {
  let count = 0;
  for (const _ of value) count++;
  return count;
};

/** An image's id: a UUID in any case, with or without hyphens. */
export const imageId = () =>
  lax<string, string>({ type: 'string', format: 'uuid' }, value => {
    if (value === undefined) return missing;
    const parsed = imageIdSchema.safeParse(value);
    return parsed.success ? parsed.data : failure('uuid_parsing', 'Input should be a valid UUID');
  });

const SHA1_HEX = 40;

/** Hex SHA-1 in any case, trimmed; lower-case when read. */
export const sha1Text = () =>
  lax<string, string>({ type: 'string', pattern: '^\\s*[0-9A-Fa-f]{40}\\s*$' }, value => {
    if (value === undefined) return missing;
    if (typeof value !== 'string') return failure('string_type', 'Input should be a valid string');
    const hex = value.trim().toLowerCase();
    const length = codePoints(hex);
    if (length < SHA1_HEX) return tooShort(SHA1_HEX);
    if (length > SHA1_HEX) return tooLong(SHA1_HEX);
    if (!/^[0-9a-f]{40}$/.test(hex))
      return failure('string_pattern_mismatch', "String should match pattern '^[0-9a-fA-F]{40}$'", {
        pattern: '^[0-9a-fA-F]{40}$',
      });
    return hex;
  });

/** Trimmed parts between commas; none for an empty text, and no parts for one of commas alone. */
export const commaList = () =>
  lax<string[] | undefined, string>(
    { type: 'string', description: 'Separated by commas.', examples: ['cats,night'] },
    value => {
      if (typeof value !== 'string') return failure('string_type', 'Input should be a valid string');
      if (value === '') return undefined;
      return value
        .toWellFormed()
        .split(',')
        .map(part => part.trim())
        .filter(part => part !== '');
    },
  );

const DAY_OR_MOMENT = /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d)(?::(\d\d)(?:\.\d+)?)?(?:Z|[+-]\d\d:\d\d)?)?$/i;

/** A date, or a date and time as RFC 3339 writes it, its offset left out or not. */
export const moment = () =>
  lax<string, string>({ type: 'string', examples: ['2026-01-31', '2026-01-31T12:00:00'] }, value => {
    if (typeof value !== 'string') return failure('string_type', 'Input should be a valid string');
    const [, day, minutes = '00:00', seconds = '00'] = DAY_OR_MOMENT.exec(value) ?? [];
    return isDateTime(`${day}T${minutes}:${seconds}`)
      ? value
      : failure('datetime_parsing', 'Input should be a valid date or RFC 3339 datetime');
  });
