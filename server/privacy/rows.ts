// Follows the map: which rows hang on a person or a ticket, and what an ending does with them.

import type { App } from '../app';
import type { Db, Statement } from '../db';
import { randomId } from '../lib/ids';
import type { Ending, Link, PersonalTable, Thing } from '../lib/personal';
import { DOMAINS, TABLES, TABLES_CHILDREN_FIRST } from './map';

export type ThingId = number | string;
export type Found = Map<Thing, Set<ThingId>>;

/** Statements are made from the map, so they are few; each is prepared once per database. */
const remembered = new WeakMap<Db, Map<string, Statement>>();

export function statementOf(db: Db, sql: string): Statement {
  const known = remembered.get(db) ?? new Map<string, Statement>();
  remembered.set(db, known);
  const statement = known.get(sql) ?? db.sql.prepare(sql);
  known.set(sql, statement);
  return statement;
}

/** Everything that hangs on a thing, level by level. `without` is not entered: its members are ended one by one. */
export function thingsOf(db: Db, thing: Thing, id: ThingId, without?: Thing): Found {
  const found: Found = new Map([[thing, new Set([id])]]);
  const open: [Thing, ThingId][] = [[thing, id]];
  for (let next = open.pop(); next; next = open.pop()) {
    const [kind, at] = next;
    for (const table of TABLES) {
      const link = table.of?.[kind];
      if (!link || !table.is || table.is === without || table.is === kind) continue;
      const members = found.get(table.is) ?? new Set();
      found.set(table.is, members);
      for (const member of statementOf(db, `SELECT id FROM ${table.table} WHERE ${link.where}`)
        .pluck()
        .all({ id: at }) as number[]) {
        if (members.has(member)) continue;
        members.add(member);
        open.push([table.is, member]);
      }
    }
  }
  return found;
}

/** Calls `visit` for every link of the map that something found hangs on. */
export function eachLink(
  tables: readonly PersonalTable[],
  found: Found,
  visit: (table: PersonalTable, link: Link, id: ThingId) => void,
): void {
  for (const table of tables) {
    for (const [thing, link] of Object.entries(table.of ?? {}) as [Thing, Link][]) {
      for (const id of found.get(thing) ?? []) visit(table, link, id);
    }
  }
}

export interface Labels {
  /** Stands for the person's name. */
  label: string;
  /** Stands for the words of a message that went. */
  gone: string;
}

export interface Ended {
  /** Rows that went or changed, by table. */
  rows: Record<string, number>;
  /** Names of files on disk that no row names any more. */
  files: { mail: string[]; exports: string[] };
}

export const nothingEnded = (): Ended => ({ rows: {}, files: { mail: [], exports: [] } });

/** Ends a thing and all that hangs on it, inside the surrounding transaction; adds to `ended` what that was. */
export function endThing(
  app: App,
  ending: Ending,
  thing: Thing,
  id: ThingId,
  labels: Labels,
  ended: Ended,
  without?: Thing,
): void {
  const { db } = app;
  const found = thingsOf(db, thing, id, without);
  eachLink(TABLES_CHILDREN_FIRST, found, (table, link, at) => {
    const act = link[ending];
    if (act === 'stay') return;
    if (table.file) {
      const { column, folder } = table.file;
      const names = statementOf(
        db,
        `SELECT ${column} FROM ${table.table} WHERE ${link.where} AND ${column} IS NOT NULL`,
      )
        .pluck()
        .all({ id: at });
      ended.files[folder].push(...(names as string[]));
    }
    const { changes } =
      act === 'delete'
        ? statementOf(db, `DELETE FROM ${table.table} WHERE ${link.where}`).run({ id: at })
        : run(db, `UPDATE ${table.table} SET ${act.set} WHERE ${link.where}`, {
            id: at,
            ...labels,
            fresh: randomId(),
          });
    if (changes > 0) ended.rows[table.table] = (ended.rows[table.table] ?? 0) + changes;
  });
  if (thing === 'ticket') for (const domain of DOMAINS) domain.ticketGone?.(app, id as number);
}

/** Only what the statement names is bound: SQLite refuses the rest. */
function run(db: Db, sql: string, values: Record<string, ThingId>) {
  const named = Object.fromEntries(
    Object.entries(values).filter(([name]) => new RegExp(`:${name}\\b`).test(sql)),
  );
  return statementOf(db, sql).run(named);
}
