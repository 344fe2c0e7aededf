import type Database from 'better-sqlite3';
import { z } from 'zod';
import { SemblanceError } from '../errors.ts';
import type { CollectionSchema } from './vector-index.ts';

/** 'SIMg', so that another program's database isn't taken for an index. */
const APPLICATION_ID = 0x53494d67;
const FORMAT = 1;

/** Creates what the file lacks. @throws index_rejected for another model's vectors, a newer format or another program */
export function createTables(db: Database.Database, file: string, schema: CollectionSchema): void {
  const shape = JSON.stringify({ vectors: schema.vectors, sparse: schema.sparse });
  const number = (pragma: string): number => z.number().parse(db.pragma(pragma, { simple: true }));
  db.transaction(() => {
    const application = number('application_id');
    const isNew = z.number().parse(db.prepare('SELECT count(*) FROM sqlite_schema').pluck().get()) === 0;
    if (!isNew && application !== APPLICATION_ID)
      throw new SemblanceError('index_rejected', `${file} belongs to another program`);
    if (!isNew && number('user_version') !== FORMAT)
      throw new SemblanceError('index_rejected', `${file} was written by another version of Semblance`);
    if (isNew) {
      db.exec(`
        PRAGMA application_id = ${APPLICATION_ID};
        PRAGMA user_version = ${FORMAT};
        CREATE TABLE state (version INTEGER NOT NULL, forgotten INTEGER NOT NULL, shape TEXT NOT NULL) STRICT;
        CREATE TABLE points (slot INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, version INTEGER NOT NULL, payload TEXT) STRICT;
        CREATE INDEX points_version ON points (version);
        CREATE INDEX points_deleted ON points (version) WHERE payload IS NULL;
        ${vectorTables(schema)
          .map(({ table }) => createTable(table))
          .join('\n')}
      `);
      db.prepare('INSERT INTO state VALUES (0, 0, ?)').run(shape);
    }
    db.exec('CREATE TABLE IF NOT EXISTS image (stamp TEXT NOT NULL) STRICT');
    const found = z.string().parse(db.prepare('SELECT shape FROM state').pluck().get());
    if (found === shape) return;
    const before = shapeSchema.parse(JSON.parse(found));
    if (!isChangeOfVectors(before, schema))
      throw new SemblanceError(
        'index_rejected',
        `${file} holds ${found}, the model needs ${shape}: open it with its own model, or use another file`,
      );
    changeVectors(db, before, schema);
    db.prepare('UPDATE state SET shape = ?').run(shape);
  }).immediate();
}

const shapeSchema = z.object({ vectors: z.record(z.string(), z.number()), sparse: z.array(z.string()) });
type Shape = Pick<CollectionSchema, 'vectors' | 'sparse'>;

/** Whether vectors only came and went: one that stays has its size, and one stays at least. */
function isChangeOfVectors(before: Shape, after: Shape): boolean {
  const kept = Object.keys(after.vectors).filter(name => name in before.vectors);
  return kept.length > 0 && kept.every(name => before.vectors[name] === after.vectors[name]);
}

/**
 * Vectors that nothing asks for any more go, and new ones begin empty: points, payloads and the other vectors
 * stay as they are. Another encoder of words thus costs no other model's work.
 */
function changeVectors(db: Database.Database, before: Shape, after: Shape): void {
  const old = vectorTables(before);
  for (const { table } of old) db.exec(`ALTER TABLE ${table} RENAME TO before_${table}`);
  for (const { table, name, dimension } of vectorTables(after)) {
    const kept = old.find(
      it => it.name === name && (it.dimension === undefined) === (dimension === undefined),
    );
    if (kept) db.exec(`ALTER TABLE before_${kept.table} RENAME TO ${table}`);
    else db.exec(createTable(table));
  }
  const kept = new Set([...Object.keys(after.vectors), ...after.sparse]);
  for (const { table, name } of old) if (!kept.has(name)) db.exec(`DROP TABLE before_${table}`);
}

const createTable = (table: string): string =>
  `CREATE TABLE ${table} (slot INTEGER PRIMARY KEY, data BLOB NOT NULL) STRICT;`;

type VectorTable = { readonly table: string; readonly name: string; readonly dimension?: number };

/** A table for each name. */
export const vectorTables = (schema: Shape): VectorTable[] => [
  ...Object.entries(schema.vectors).map(([name, dimension], i) => ({ table: `dense_${i}`, name, dimension })),
  ...schema.sparse.map((name, i) => ({ table: `sparse_${i}`, name })),
];
