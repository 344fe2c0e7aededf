import { SemblanceError } from '../errors.ts';
import { type Cell, type Column, type Columns, parseMicroseconds, tokenized } from './columns.ts';
import type { Condition, Filter } from './filter.ts';
import type { PayloadFieldType } from './vector-index.ts';

/** Whether the point in a slot matches. */
export type Predicate = (slot: number) => boolean;

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
  return must.length === 1 ? first : slot => must.every(predicate => predicate(slot));
}

function compileCondition(condition: Condition, target: FilterTarget): Predicate {
  if ('has_id' in condition) {
    const slots = new Set(condition.has_id.map(target.slotOf));
    return slot => slots.has(slot);
  }
  if ('has_vector' in condition) {
    const predicate = target.hasVector(condition.has_vector);
    if (!predicate) throw rejected(`Not existing vector name error: ${condition.has_vector}`);
    return predicate;
  }
  if ('is_empty' in condition) {
    const { cells } = columnOf(target, condition.is_empty.key, ANY_TYPE);
    return slot => cells[slot] === undefined || cells[slot] === null;
  }
  if ('is_null' in condition) {
    const { cells } = columnOf(target, condition.is_null.key, ANY_TYPE);
    return slot => cells[slot] === null;
  }
  if (!('key' in condition)) return compileFilter(condition, target) ?? (() => true);
  if ('range' in condition) return compileRange(condition.key, condition.range, target);
  return compileMatch(condition.key, condition.match, target);
}

type FieldOf<Name extends string> = Extract<Condition, { key: string } & Record<Name, unknown>>;

function compileMatch(key: string, match: FieldOf<'match'>['match'], target: FilterTarget): Predicate {
  if ('phrase' in match) {
    const { cells } = columnOf(target, key, ['phrase']);
    const wanted = tokenized(match.phrase);
    if (wanted.trim() === '') return () => false;
    return slot => {
      const cell = cells[slot];
      return typeof cell === 'string' && cell.includes(wanted);
    };
  }
  const values = 'value' in match ? [match.value] : 'any' in match ? match.any : match.except;
  const { cells } = columnOf(target, key, fittingTypes(values));
  const listed = new Set<unknown>(values);
  if ('except' in match) return slot => some(cells[slot], value => !listed.has(value));
  if (values.length === 1) {
    const [wanted] = values;
    return slot => {
      const cell = cells[slot];
      return (
        cell === wanted || (typeof cell === 'object' && cell !== null && cell.some(value => value === wanted))
      );
    };
  }
  return slot => some(cells[slot], value => listed.has(value));
}

function compileRange(key: string, range: FieldOf<'range'>['range'], target: FilterTarget): Predicate {
  const bounds = Object.values(range).filter(bound => bound !== undefined);
  const dates = bounds.some(bound => typeof bound === 'string');
  const { cells } = columnOf(target, key, dates ? ['datetime'] : ['integer', 'float']);
  const number = (bound: string | number | undefined): number | undefined => {
    if (bound === undefined) return undefined;
    const value = dates && typeof bound === 'string' ? parseMicroseconds(bound) : bound;
    if (typeof value !== 'number')
      throw rejected(`Format error in JSON body: "${bound}" is not a bound of a range`);
    return value;
  };
  const { gt, gte, lt, lte } = range;
  const [above, from, below, to] = [number(gt), number(gte), number(lt), number(lte)];
  return slot =>
    some(
      cells[slot],
      value =>
        typeof value === 'number' &&
        (above === undefined || value > above) &&
        (from === undefined || value >= from) &&
        (below === undefined || value < below) &&
        (to === undefined || value <= to),
    );
}

function some(cell: Cell, test: (value: string | number | boolean) => boolean): boolean {
  if (cell === undefined || cell === null) return false;
  if (typeof cell !== 'object') return test(cell);
  for (let i = 0; i < cell.length; i++) if (test(cell[i]!)) return true;
  return false;
}

const ANY_TYPE: readonly PayloadFieldType[] = ['keyword', 'integer', 'float', 'bool', 'datetime', 'phrase'];

function fittingTypes(values: readonly (string | number | boolean)[]): readonly PayloadFieldType[] {
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
  const column = target.columns.get(key);
  if (column && types.includes(column.type)) return column;
  throw rejected(
    `Index required but not found for "${key}" of one of the following types: [${types.join(', ')}]. ` +
      'Help: Create an index for this key or use a different filter.',
  );
}

const rejected = (message: string): SemblanceError => new SemblanceError('index_rejected', message);
