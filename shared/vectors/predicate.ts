import { SemblanceError } from '../errors.ts';
import { type Cell, parseMicroseconds, type Scalar, tokenized } from './cells.ts';
import type { Column, Predicate } from './column.ts';
import type { Columns } from './columns.ts';
import type { Condition, Filter } from './filter.ts';
import type { PayloadFieldType } from './vector-index.ts';

/** What a filter is compiled against. */
export type FilterTarget = {
  readonly columns: Columns;
  /** Slot of a point's id; undefined where there is none. */
  readonly slotOf: (id: string) => number | undefined;
  /** Whether a point has a vector of that name; undefined for an unknown name. */
  readonly hasVector: (name: string) => Predicate | undefined;
};

/**
 * Compiles a filter to a predicate on slots, with Qdrant's semantics: an array matches if one of its elements
 * does, `except` too is per element, a missing field matches nothing but `is_empty` and what stands in
 * must_not.
 * @throws index_rejected where a field has no payload index of a fitting type, as Qdrant Cloud's strict mode
 * does, so that what works on a laptop works there
 */
export function compileFilter(filter: Filter | undefined, target: FilterTarget): Predicate | undefined {
  if (!filter) return undefined;
  const must = (filter.must ?? []).map(condition => compileCondition(condition, target));
  const mustNot = (filter.must_not ?? []).map(condition => compileCondition(condition, target));
  const should = (filter.should ?? []).map(condition => compileCondition(condition, target));
  for (const predicate of mustNot) must.push(slot => !predicate(slot));
  if (should.length > 0) must.push(slot => should.some(predicate => predicate(slot)));
  const [first] = must;
  if (!first) return undefined;
  if (must.length === 1) return first;
  return slot => {
    for (const predicate of must) if (!predicate(slot)) return false;
    return true;
  };
}

/** All slots that can match, where one condition says that they are few; undefined where none does. */
export function fewSlots(filter: Filter | undefined, target: FilterTarget): ReadonlySet<number> | undefined {
  for (const condition of filter?.must ?? []) {
    if ('has_id' in condition) return slotsOf(condition.has_id, target);
    if ('key' in condition && 'match' in condition) {
      const few = uniqueSlots(condition.key, condition.match, target);
      if (few) return few;
    }
    const few = 'must' in condition ? fewSlots(condition, target) : undefined;
    if (few) return few;
  }
  return undefined;
}

function compileCondition(condition: Condition, target: FilterTarget): Predicate {
  if ('has_id' in condition) {
    const slots = slotsOf(condition.has_id, target);
    return slot => slots.has(slot);
  }
  if ('has_vector' in condition) {
    const predicate = target.hasVector(condition.has_vector);
    if (!predicate) throw rejected(`Not existing vector name error: ${condition.has_vector}`);
    return predicate;
  }
  if ('is_empty' in condition) {
    return cellsOf(target, condition.is_empty.key).where(cell => cell === undefined || cell === null);
  }
  if ('is_null' in condition) {
    return cellsOf(target, condition.is_null.key).where(cell => cell === null);
  }
  if (!('key' in condition)) return compileFilter(condition, target) ?? (() => true);
  if ('range' in condition) return compileRange(condition.key, condition.range, target);
  return compileMatch(condition.key, condition.match, target);
}

type FieldOf<Name extends string> = Extract<Condition, { key: string } & Record<Name, unknown>>;
type Match = FieldOf<'match'>['match'];

function compileMatch(key: string, match: Match, target: FilterTarget): Predicate {
  if ('phrase' in match) {
    const column = target.columns.phrases.get(key);
    if (!column) throw unindexed(key, ['phrase', 'letters']);
    const wanted = tokenized(match.phrase);
    return wanted.trim() === '' ? () => false : column.containing(wanted);
  }
  const unique = uniqueSlots(key, match, target);
  if (unique) return slot => unique.has(slot);
  const values = 'value' in match ? [match.value] : 'any' in match ? match.any : match.except;
  const column = columnOf(target, key, fittingTypes(values));
  const listed = new Set<unknown>(values);
  const isWanted =
    'except' in match ? (value: Scalar) => !listed.has(value) : (value: Scalar) => listed.has(value);
  return column.where(cell => some(cell, isWanted));
}

const slotsOf = (ids: readonly string[], target: FilterTarget): ReadonlySet<number> =>
  new Set(ids.map(target.slotOf).filter(slot => slot !== undefined));

/** Slots that have one of the values in a unique field; undefined for any other match or field. */
function uniqueSlots(key: string, match: Match, target: FilterTarget): ReadonlySet<number> | undefined {
  const column = target.columns.uniques.get(key);
  if ('value' in match) return column?.among([match.value]);
  if ('any' in match) return column?.among(match.any);
  return undefined;
}

function compileRange(key: string, range: FieldOf<'range'>['range'], target: FilterTarget): Predicate {
  const bounds = Object.values(range).filter(bound => bound !== undefined);
  const dates = bounds.some(bound => typeof bound === 'string');
  const column = columnOf(target, key, dates ? ['datetime'] : ['integer', 'float']);
  const number = (bound: string | number | undefined): number | undefined => {
    if (bound === undefined) return undefined;
    const value = dates && typeof bound === 'string' ? parseMicroseconds(bound) : bound;
    if (typeof value !== 'number')
      throw rejected(`Format error in JSON body: "${bound}" is not a bound of a range`);
    return value;
  };
  const { gt, gte, lt, lte } = range;
  const [above, from, below, to] = [number(gt), number(gte), number(lt), number(lte)];
  const isWithin = (value: Scalar): boolean =>
    typeof value === 'number' &&
    (above === undefined || value > above) &&
    (from === undefined || value >= from) &&
    (below === undefined || value < below) &&
    (to === undefined || value <= to);
  return column.where(cell => some(cell, isWithin));
}

function some(cell: Cell, test: (value: Scalar) => boolean): boolean {
  if (cell === undefined || cell === null) return false;
  if (typeof cell !== 'object') return test(cell);
  for (let i = 0; i < cell.length; i++) if (test(cell[i]!)) return true;
  return false;
}

function fittingTypes(values: readonly Scalar[]): readonly PayloadFieldType[] {
  const [first] = values;
  if (first === undefined) return ['keyword', 'integer', 'bool'];
  if (values.some(value => typeof value !== typeof first))
    throw rejected('Values of one match differ in type');
  return typeof first === 'string' ? ['keyword'] : typeof first === 'boolean' ? ['bool'] : ['integer'];
}

/** The column of a field, if it is one of the types. @throws index_rejected in the words of Qdrant's strict mode */
export function columnOf(
  target: Pick<FilterTarget, 'columns'>,
  key: string,
  types: readonly PayloadFieldType[],
): Column {
  const column = target.columns.fields.get(key);
  if (column && types.includes(column.type)) return column;
  throw unindexed(key, types);
}

/** The cells of a field of any type but unique. */
function cellsOf({ columns }: FilterTarget, key: string): Pick<Column, 'where'> {
  const column = columns.fields.get(key) ?? columns.phrases.get(key);
  if (column) return column;
  throw unindexed(key, ['keyword', 'integer', 'float', 'bool', 'datetime', 'phrase', 'letters']);
}

const unindexed = (key: string, types: readonly PayloadFieldType[]): SemblanceError =>
  rejected(
    `Index required but not found for "${key}" of one of the following types: [${types.join(', ')}]. ` +
      'Help: Create an index for this key or use a different filter.',
  );

const rejected = (message: string): SemblanceError => new SemblanceError('index_rejected', message);
