// What there is of somebody, before anything goes: shown to whoever decides, item by item (P3).
import type { App } from '../app';
import type { Ending, Link, PersonalTable } from '../lib/personal';
import { Slices } from '../lib/slices';
import { findOnServers } from '../mail';
import { lookElsewhere } from './elsewhere';
import { needlesOf, type Plan } from './identity';
import { TABLES } from './map';
import { findHolds, findOwnTickets, type HoldRow } from './queries';
import { keyOf, keyText, selectKey, type TextRow } from './read-through';
import { eachLink, statementOf, type ThingId, thingsOf } from './rows';
import { Searcher } from './spans';

export type ErasureKind = 'erase' | 'de-identify';
export const endingOf = (kind: ErasureKind): 'erase' | 'deidentify' =>
  kind === 'erase' ? 'erase' : 'deidentify';

export interface Survey {
  holds: HoldRow[];
  /** Rows that go or lose the person, by table. */
  own: Record<string, number>;
  /** Rows of others in which they are named or quoted, by table. */
  elsewhere: Record<string, number>;
  jointTickets: number;
  shared: Plan['shared'];
  /** Passages and numbers in their words that are other people's too. */
  common: number;
  /** Mails of theirs that lie on mail servers. */
  onServer: number;
}

/** Takes a few milliseconds at a time, and seconds in all when there are hundreds of thousands of messages. */
export async function surveyOf(app: App, plan: Plan, kind: ErasureKind): Promise<Survey> {
  const rows = await ownRows(app, plan, endingOf(kind));
  const found = await lookElsewhere(app, plan, new Searcher(needlesOf(plan, kind)), rows);
  const elsewhere: Record<string, number> = {};
  for (const { table } of found.places) elsewhere[table.table] = (elsewhere[table.table] ?? 0) + 1;
  return {
    holds: holdsOn(app, plan),
    own: Object.fromEntries([...rows].map(([table, keys]) => [table, keys.size])),
    elsewhere,
    jointTickets: plan.joint.length,
    shared: plan.shared,
    common: found.searcher.common,
    onServer: findOnServers(app, plan.mailKeys).length,
  };
}

/** By table, the keys of rows that this ending touches. */
export async function ownRows(app: App, plan: Plan, ending: Ending): Promise<Map<string, Set<string>>> {
  const rows = new Map<string, Set<string>>();
  await eachOwn(app, plan, (table, link, id) => {
    if (link[ending] === 'stay') return;
    const sql = `SELECT ${selectKey(table)} FROM ${table.table} WHERE ${link.where}`;
    const keys = statementOf(app.db, sql).all({ id }) as TextRow[];
    if (keys.length === 0) return;
    const known = rows.get(table.table) ?? new Set();
    rows.set(table.table, known);
    for (const key of keys) known.add(keyText(keyOf(table, key)));
  });
  return rows;
}

/** Names of files on disk that hang on somebody: raw mails, exports made before. */
export async function ownFiles(app: App, plan: Plan): Promise<Plan['files']> {
  const files = { mail: new Set<string>(), exports: new Set<string>() };
  await eachOwn(app, plan, (table, link, id) => {
    if (!table.file) return;
    const { column, folder } = table.file;
    const sql = `SELECT ${column} FROM ${table.table} WHERE ${link.where} AND ${column} IS NOT NULL`;
    for (const name of statementOf(app.db, sql).pluck().all({ id }) as string[]) files[folder].add(name);
  });
  return { mail: [...files.mail], exports: [...files.exports] };
}

type Visit = (table: PersonalTable, link: Link, id: ThingId) => void;

/** Their tickets one by one, because somebody may have thousands, then what hangs on themselves. */
async function eachOwn(app: App, plan: Plan, visit: Visit): Promise<void> {
  const slices = new Slices();
  for (const { id } of plan.customers) {
    for (const ticket of findOwnTickets(app.db, id)) {
      eachLink(TABLES, thingsOf(app.db, 'ticket', ticket), visit);
      await slices.pause();
    }
    eachLink(TABLES, thingsOf(app.db, 'customer', id, 'ticket'), visit);
  }
  for (const key of plan.addresses) eachLink(TABLES, thingsOf(app.db, 'address', key), visit);
}

/** Holds on them or their tickets (P7). */
export const holdsOn = (app: App, plan: Plan): HoldRow[] =>
  plan.customers.flatMap(({ id }) => findHolds(app.db, id, id));
