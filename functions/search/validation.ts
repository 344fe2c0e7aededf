import { z } from 'zod';

/** One failure of a response with status 422, as FastAPI words it. */
export const validationErrorSchema = z.object({
  type: z.string().describe("pydantic 2's name of the failure, e.g. less_than_equal"),
  loc: z.array(z.union([z.string(), z.number()])).describe('path, query or body; field; index'),
  msg: z.string(),
  input: z.unknown().describe('What was sent, shortened.'),
  ctx: z.record(z.string(), z.unknown()).optional(),
});
export type ValidationFailure = z.infer<typeof validationErrorSchema>;

export type Place = 'path' | 'query' | 'body';

/** Every failure of a parse, in pydantic's words. */
export const failuresOf = (error: z.ZodError, place: Place): ValidationFailure[] =>
  error.issues.flatMap((issue): ValidationFailure[] => {
    const loc = [place, ...issue.path.map(part => (typeof part === 'symbol' ? String(part) : part))];
    if (issue.code !== 'unrecognized_keys') return [{ ...describe(issue), loc, input: shorten(issue.input) }];
    return issue.keys.map(key => ({
      ...EXTRA,
      loc: [...loc, key],
      input: shorten(fieldOf(issue.input, key)),
    }));
  });

const EXTRA = { type: 'extra_forbidden', msg: 'Extra inputs are not permitted' } as const;

const fieldOf = (input: unknown, key: string): unknown => z.looseObject({}).safeParse(input).data?.[key];

type Described = Pick<ValidationFailure, 'type' | 'msg' | 'ctx'>;

const ownParams = z.object({ type: z.string(), ctx: z.record(z.string(), z.unknown()).optional() });

function describe(issue: z.core.$ZodIssue): Described {
  switch (issue.code) {
    case 'custom': {
      const own = ownParams.safeParse(issue.params);
      if (!own.success) return { type: 'value_error', msg: `Value error, ${issue.message}` };
      const { type, ctx } = own.data;
      return ctx ? { type, msg: issue.message, ctx } : { type, msg: issue.message };
    }
    case 'invalid_type':
      return issue.input === undefined
        ? { type: 'missing', msg: 'Field required' }
        : wrongType(issue.expected);
    case 'invalid_value': {
      const values = issue.values.map(value => `'${String(value)}'`);
      const expected =
        values.length > 1 ? `${values.slice(0, -1).join(', ')} or ${values.at(-1)}` : values[0];
      if (issue.input === undefined) return { type: 'missing', msg: 'Field required' };
      return { type: 'enum', msg: `Input should be ${expected}`, ctx: { expected } };
    }
    case 'too_small':
      return size('too_short', 'at least', 'min_length', Number(issue.minimum), issue.input);
    case 'too_big':
      return size('too_long', 'at most', 'max_length', Number(issue.maximum), issue.input);
    default:
      return { type: 'value_error', msg: issue.message };
  }
}

const WRONG_TYPES: Partial<Record<string, Described>> = {
  array: { type: 'list_type', msg: 'Input should be a valid list' },
  object: {
    type: 'model_attributes_type',
    msg: 'Input should be a valid dictionary or object to extract fields from',
  },
  string: { type: 'string_type', msg: 'Input should be a valid string' },
};

const wrongType = (expected: string): Described =>
  WRONG_TYPES[expected] ?? { type: `${expected}_type`, msg: `Input should be a valid ${expected}` };

function size(type: string, bound: string, key: string, limit: number, input: unknown): Described {
  const actual = Array.isArray(input) ? input.length : undefined;
  return {
    type,
    msg: `List should have ${bound} ${limit} item${limit === 1 ? '' : 's'}${actual === undefined ? '' : ` after validation, not ${actual}`}`,
    ctx: {
      field_type: 'List',
      [key]: limit,
      ...(actual === undefined ? {} : { actual_length: actual }),
    },
  };
}

const MAX_ECHO = 200;

/** What was sent, so far as it is small: a response never repeats a whole upload. */
function shorten(input: unknown): unknown {
  if (input === undefined) return null;
  if (typeof input === 'string')
    return (input.length > MAX_ECHO ? `${input.slice(0, MAX_ECHO)}…` : input).toWellFormed();
  if (typeof input !== 'object' || input === null) return input;
  const json = stringify(input);
  return json.length > MAX_ECHO ? `${json.slice(0, MAX_ECHO)}…`.toWellFormed() : input;
}

/** JSON of any depth; JSON.stringify overflows the stack where JSON.parse did not. */
function stringify(input: object): string {
  try {
    return JSON.stringify(input);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return '[nested too deep to be shown]'.padEnd(MAX_ECHO + 1);
  }
}
