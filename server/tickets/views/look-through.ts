// Looks through tickets for a view: its conditions as one prepared statement, kept as long as its edition.
import { change, type Db, queryRaw } from '../../db';
import { type Scope, VISIBLE } from '../access';
import { type Definition, isPersonal, orderOf, readDefinition, whereOf } from './definition';
import type { EditionView } from './editions';

type Value = string | number;
type Look = (db: Db, now: number, after: number, upTo: number) => number;

const known = new WeakMap<Db, Map<number, Look>>();

/** Writes a row for each ticket with an id after one and up to another that the view holds and has no row for. */
export function lookThrough(db: Db, view: EditionView, now: number, after: number, upTo: number): number {
  let looks = known.get(db);
  if (!looks) {
    looks = new Map();
    known.set(db, looks);
  }
  let look = looks.get(view.edition_id);
  if (!look) {
    look = lookOf(view);
    looks.set(view.edition_id, look);
  }
  return look(db, now, after, upTo);
}

/** What a view that is gone was looked for with. */
export const forgetLook = (db: Db, editionId: number): void => void known.get(db)?.delete(editionId);

/** By ids alone: an index on what is asked for would be walked from its beginning for each ticket. */
function lookOf({ agent_id: owner, edition_id: edition, definition: text }: EditionView): Look {
  const definition = readDefinition(text);
  const where = whereOf(definition);
  const personal = isPersonal(definition);
  const viewer = owner === null ? (personal ? 'viewers.id' : '0') : '?';
  const whose: Value[] = owner === null ? [] : [owner];
  const run = change<Value[]>(`
    INSERT INTO view_tickets (ticket_id, edition_id, viewer_id, sort_key, team_id, assignee_id)
    SELECT tickets.id, ?, ${viewer}, ${orderOf(definition)}, ifnull(tickets.team_id, 0), ifnull(tickets.assignee_id, 0)
      FROM tickets NOT INDEXED ${personal ? 'CROSS JOIN agents AS viewers' : ''}
     WHERE tickets.id > ? AND tickets.id <= ? AND ${where.sql}
           ${personal ? `AND ${owner === null ? "viewers.state = 'active'" : 'viewers.id = ?'}` : ''}
       AND NOT EXISTS (SELECT 1 FROM view_tickets AS had
                        WHERE had.ticket_id = tickets.id AND had.edition_id = ? AND had.viewer_id = ${viewer})`);
  return (db, now, after, upTo) =>
    run(
      db,
      edition,
      ...whose,
      after,
      upTo,
      ...where.values.map((value) => value(now)),
      ...(personal ? whose : []),
      edition,
      ...whose,
    );
}

/** What a view would hold among the tickets after one, for somebody: ids and keys, for a preview. Nothing is written. */
export function previewOf(
  db: Db,
  definition: Definition,
  viewerId: number,
  scope: Scope,
  now: number,
  after: number,
): { id: number; key: number }[] {
  const where = whereOf(definition);
  const find = queryRaw<Value[], [id: number, key: number]>(`
    SELECT tickets.id, ${orderOf(definition)} FROM tickets NOT INDEXED CROSS JOIN agents AS viewers
     WHERE tickets.id > ? AND viewers.id = ? AND ${where.sql} AND ${VISIBLE}`);
  const rows = find(db, after, viewerId, ...where.values.map((value) => value(now)), ...scope);
  return rows.map(([id, key]) => ({ id, key })).sort((a, b) => b.key - a.key || b.id - a.id);
}
