// Reads every text of a table, page by page, in slices of a few milliseconds on the thread that serves: no request waits.
import type { App } from '../app';
import { type Db, queryColumn } from '../db';
import type { PersonalTable } from '../lib/personal';
import { Slices } from '../lib/slices';
import { statementOf } from './rows';

export type Value = string | number | Buffer | null;
/** The columns that were asked for; what tells the row apart stands under `keyOf(row)`. */
export type TextRow = Record<string, Value>;
export type Key = Value[];

const ROWS_A_PAGE = 200;

const keyColumns = (table: PersonalTable): string[] => (table.key ?? 'id').split(', ');

/** `WHERE …` for one row. */
export const oneRow = (table: PersonalTable): string =>
  keyColumns(table)
    .map((column) => `${column} = ?`)
    .join(' AND ');

export const keyOf = (table: PersonalTable, row: TextRow): Key =>
  keyColumns(table).map((_, at) => row[`_key${at}`] as Value);

/** A key as something that a Set can hold. */
export const keyText = (key: Key): string =>
  key.map((value) => (Buffer.isBuffer(value) ? value.toString('hex') : String(value))).join(' ');

export const selectKey = (table: PersonalTable): string =>
  keyColumns(table)
    .map((column, at) => `${column} AS _key${at}`)
    .join(', ');

const findTextColumns = queryColumn<[table: string], string>(
  "SELECT name FROM pragma_table_info(?) WHERE type = 'TEXT'",
);

/** Columns of a table that hold text, as the database has them. */
export const textColumns = (db: Db, table: PersonalTable): string[] => findTextColumns(db, table.table);

/** Calls `look` with page after page, in the order of the keys. */
export class Reading {
  private readonly slices = new Slices();

  constructor(private readonly app: App) {}

  async through(table: PersonalTable, columns: string[], look: (rows: TextRow[]) => void): Promise<void> {
    const keys = keyColumns(table).join(', ');
    const wanted = [selectKey(table), ...columns].join(', ');
    const places = keyColumns(table)
      .map(() => '?')
      .join(', ');
    const first = `SELECT ${wanted} FROM ${table.table} ORDER BY ${keys} LIMIT ${ROWS_A_PAGE}`;
    const next = `SELECT ${wanted} FROM ${table.table} WHERE (${keys}) > (${places}) ORDER BY ${keys} LIMIT ${ROWS_A_PAGE}`;
    let rows = statementOf(this.app.db, first).all() as TextRow[];
    for (let last = rows.at(-1); last; last = rows.at(-1)) {
      look(rows);
      await this.slices.pause();
      if (rows.length < ROWS_A_PAGE) return;
      rows = statementOf(this.app.db, next).all(...keyOf(table, last)) as TextRow[];
    }
  }
}
