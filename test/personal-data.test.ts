// The map of personal data is whole: no table and no column of the schema is missing from it, and it names none that is not there.
import { type Db, migrate, openDatabase } from '../server/db';
import { readMessages } from '../server/i18n';
import type { Link, PersonalTable, Thing } from '../server/lib/personal';
import { TABLES } from '../server/privacy/map';

let db: Db;

beforeAll(() => {
  db = openDatabase(':memory:');
  migrate(db);
});
afterAll(() => db.close());

/** Tables of ours; the inner tables of a search index belong to the index. */
function schema(): Map<string, string[]> {
  const tables = db.sql
    .prepare("SELECT name, sql FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
    .all() as {
    name: string;
    sql: string;
  }[];
  const virtual = tables.filter(({ sql }) => sql.startsWith('CREATE VIRTUAL')).map(({ name }) => name);
  const own = tables.filter(({ name }) => !virtual.some((index) => name.startsWith(`${index}_`)));
  return new Map(
    own.map(({ name }) => [
      name,
      db.sql.prepare('SELECT name FROM pragma_table_info(?)').pluck().all(name) as string[],
    ]),
  );
}

/** Columns that stand in only one of the two, as `table.column`. */
function differences(): { unclassified: string[]; imagined: string[] } {
  const columnsIn = (tables: Iterable<[string, string[]]>) =>
    [...tables].flatMap(([table, columns]) => columns.map((column) => `${table}.${column}`));
  const there = columnsIn(schema());
  const said = columnsIn(TABLES.map(({ table, columns }) => [table, Object.keys(columns)]));
  return {
    unclassified: there.filter((column) => !said.includes(column)),
    imagined: said.filter((column) => !there.includes(column)),
  };
}

test('P1: the map classifies every column of every table, and names none that is not there', () => {
  expect(schema().size).toBeGreaterThan(40);
  expect(differences()).toEqual({ unclassified: [], imagined: [] });
});

test('P1: a table or column that nobody classified is found, and so is one that is gone', () => {
  db.sql.exec(`SAVEPOINT try; CREATE TABLE diaries (secret TEXT) STRICT; ALTER TABLE customers ADD COLUMN shoe_size INTEGER;
    DROP TABLE consents`);
  const found = differences();
  db.sql.exec('ROLLBACK TO try; RELEASE try');

  expect(found.unclassified).toEqual(['customers.shoe_size', 'diaries.secret']);
  expect(found.imagined).toEqual(expect.arrayContaining(['consents.purpose', 'consents.customer_id']));
});

test('P1: rows of every table can be told apart by the key that the map gives them', () => {
  for (const { table, key = 'id' } of TABLES) {
    const primary = db.sql
      .prepare('SELECT name FROM pragma_table_info(?) WHERE pk > 0 ORDER BY pk')
      .pluck()
      .all(table) as string[];
    expect({ table, key }).toEqual({ table, key: primary.length > 0 ? primary.join(', ') : 'rowid' });
  }
});

test("P1: whatever is somebody's has a kind, and whatever has a kind is somebody's", () => {
  for (const { table, columns } of TABLES) {
    for (const [name, column] of Object.entries(columns)) {
      expect({ column: `${table}.${name}`, personal: column.whose !== 'none' }).toEqual({
        column: `${table}.${name}`,
        personal: column.kind !== 'none',
      });
    }
  }
});

test('P1: every act of the map is a statement that the database understands', () => {
  for (const table of TABLES) {
    for (const link of Object.values(table.of ?? {}) as Link[]) {
      expect(() => db.sql.prepare(`SELECT * FROM ${table.table} WHERE ${link.where}`)).not.toThrow();
      for (const act of [link.erase, link.deidentify, link.retain]) {
        if (typeof act === 'object')
          expect(() =>
            db.sql.prepare(`UPDATE ${table.table} SET ${act.set} WHERE ${link.where}`),
          ).not.toThrow();
      }
    }
  }
});

test('P1: whatever hangs on a customer goes along when two are merged, and every such rule is a statement', () => {
  const stays = ['customer_merges', 'events'];
  for (const [table, columns] of schema()) {
    const given = TABLES.find((one) => one.table === table)?.given;
    if (columns.includes('customer_id') && !stays.includes(table))
      expect({ table, column: given?.column }).toEqual({ table, column: 'customer_id' });
    if (!given) continue;
    const { column, where = '1', key = 'id' } = given;
    const sql = `UPDATE OR IGNORE ${table} SET ${column} = :into WHERE ${column} = :from AND ${where} RETURNING ${key}`;
    expect(() => db.sql.prepare(sql)).not.toThrow();
  }
  // A reference to a customer under another name.
  expect(TABLES.filter(({ given }) => given).map(({ table }) => table)).toEqual(
    expect.arrayContaining(['customers', 'messages', 'custom_field_values']),
  );
});

test("P1: customers' own text goes with their rows, or is searched for them when rows stay", () => {
  const reached = new Set<string>(tablesReachedFrom('customer').map(({ table }) => table));
  for (const { table, columns } of TABLES) {
    const texts = Object.entries(columns).filter(
      ([, { whose, kind }]) =>
        ['customer', 'visitor', 'anyone'].includes(whose) && ['contact', 'content'].includes(kind),
    );
    for (const [name, column] of texts) {
      const covered =
        reached.has(table) || column.residue !== 'nothing' || ['ticket_index', 'erasures'].includes(table);
      expect({ column: `${table}.${name}`, covered }).toEqual({ column: `${table}.${name}`, covered: true });
    }
  }
});

test('P1: every purpose and period of the map has words in every language', () => {
  const keys = new Set(TABLES.flatMap(({ why, kept }) => [`privacy.why.${why}`, `privacy.kept.${kept}`]));
  for (const locale of ['en', 'nb', 'lv'] as const) {
    const messages = readMessages(locale);
    expect([...keys].filter((key) => !messages[key])).toEqual([]);
  }
});

function tablesReachedFrom(thing: Thing, seen = new Set<Thing>()): PersonalTable[] {
  seen.add(thing);
  const here = TABLES.filter((table) => table.of?.[thing]);
  return [
    ...here,
    ...here.flatMap((table) => (table.is && !seen.has(table.is) ? tablesReachedFrom(table.is, seen) : [])),
  ];
}
