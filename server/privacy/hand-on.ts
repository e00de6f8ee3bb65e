// Gives everything that hangs on a customer to another, and back, by the map of personal data: two who are one person (customers/merging).
import type { App } from '../app';
import type { AtWork } from '../customers';
import type { PersonalTable } from '../lib/personal';
import { readPlan } from './erase';
import { TABLES } from './map';
import { findErasure, findOwedErasures, findRunningExports } from './queries';
import { statementOf } from './rows';

/** Keys of rows by table. */
type Moved = Record<string, number[]>;

type Given = PersonalTable & { given: NonNullable<PersonalTable['given']> };

const GIVEN = TABLES.filter((table): table is Given => table.given !== undefined);

/** What the other has too under the same key stays, and is found with the row of whom it was. */
export function handOn(app: App, from: number, into: number): Moved {
  const moved: Moved = {};
  for (const { table, given } of GIVEN) {
    const { column, where = '1', key = 'id' } = given;
    const sql = `UPDATE OR IGNORE ${table} SET ${column} = :into WHERE ${column} = :from AND ${where} RETURNING ${key}`;
    const keys = statementOf(app.db, sql).pluck().all({ from, into }) as number[];
    if (keys.length > 0) moved[table] = keys;
  }
  return moved;
}

/** Whatever somebody has given to a third since stays there. */
export function takeBack(app: App, from: number, into: number, moved: Moved): void {
  for (const { table, given } of GIVEN) {
    const { column, where = '1', key = 'id' } = given;
    const sql = `UPDATE OR IGNORE ${table} SET ${column} = :from
      WHERE ${column} = :into AND ${where} AND ${key} IN (SELECT value FROM json_each(:keys))`;
    const keys = moved[table];
    if (keys) statementOf(app.db, sql).run({ from, into, keys: JSON.stringify(keys) });
  }
}

/**
 * A file that is half written, or rows that are going, would be of half a person. What is left to do outside our rows does not
 * matter. Plans are unpacked outside of transactions, so whoever writes afterwards asks what has begun since.
 */
export async function atWorkOn(app: App, customers: number[]): Promise<AtWork> {
  const owed = findOwedErasures(app.db);
  const isExported = () => findRunningExports(app.db).some((id) => customers.includes(id));
  const begunSince = () => {
    if (isExported()) return 'export';
    return findOwedErasures(app.db).some((id) => !owed.includes(id)) ? 'meanwhile' : undefined;
  };
  if (isExported()) return { work: 'export', begunSince };
  for (const id of owed) {
    if (findErasure(app.db, id)?.step === 'outside') continue;
    const plan = await readPlan(app, id);
    if (plan?.customers.some((customer) => customers.includes(customer.id)))
      return { work: 'erasure', begunSince };
  }
  return { work: undefined, begunSince };
}
