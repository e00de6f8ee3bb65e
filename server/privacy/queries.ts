// SQL over exports, erasures and retention, and what this room reads of the rooms to its left.
import { change, insert, query, queryColumn, queryOne, queryValue } from '../db';

export interface HoldRow {
  ground: string;
  reason: string;
  review_at: number;
}

/** Holds on the customer or on any of their tickets (P7). */
export const findHolds = query<[customerId: number, sameCustomer: number], HoldRow[]>(`
  SELECT ground, reason, review_at FROM holds
   WHERE released_at IS NULL AND (customer_id = ? OR ticket_id IN (SELECT id FROM tickets WHERE customer_id = ?)) ORDER BY id`);
/** Other customers, and agents, who bear a name. `ids` is a JSON list of those who do not count. */
export const countNamesakes = queryValue<[name: string, ids: string, sameName: string], number>(`
  SELECT (SELECT count(*) FROM customers WHERE name = ? COLLATE NOCASE AND id NOT IN (SELECT value FROM json_each(?)))
       + (SELECT count(*) FROM agents WHERE name = ? COLLATE NOCASE)`);
export const findOwnTickets = queryColumn<[customerId: number], number>(
  'SELECT id FROM tickets WHERE customer_id = ? ORDER BY id',
);
/** Tickets of others on which they wrote or stood. */
export const findJointTickets = queryColumn<
  [author: number, notTheirs: number, participant: number, notOwn: number],
  number
>(`
  SELECT ticket_id FROM messages JOIN tickets ON tickets.id = ticket_id
   WHERE author_kind = 'customer' AND author_id = ? AND tickets.customer_id <> ?
   UNION
  SELECT ticket_id FROM participants JOIN tickets ON tickets.id = ticket_id
   WHERE participants.customer_id = ? AND tickets.customer_id <> ?`);
/** Tickets on which others wrote an address down; a visitor who claims it for himself is somebody else (C8). */
export const findTicketsOfAddress = queryColumn<[addressKey: string], number>(
  'SELECT ticket_id FROM participants WHERE address_key = ? AND customer_id IS NULL',
);
/** As what others wrote them down beside it. */
export const findNamesBeside = queryColumn<[addressKey: string], string>(
  "SELECT DISTINCT name FROM participants WHERE address_key = ? AND customer_id IS NULL AND name <> ''",
);
export const findMessageTickets = query<[ids: string], { id: number; ticket_id: number }[]>(
  'SELECT id, ticket_id FROM messages WHERE id IN (SELECT value FROM json_each(?))',
);

export interface ErasureRow {
  id: number;
  public_id: string;
  kind: 'erase' | 'de-identify';
  state: 'running' | 'waiting' | 'done' | 'failed';
  step: string;
  plan: Buffer | null;
  waits_for: string | null;
  requested_by: number | null;
  started_at: number;
  ended_at: number | null;
  certificate: string | null;
  error: string | null;
}

export const insertErasure = insert<
  [publicId: string, kind: string, plan: Buffer, requestedBy: number | null, now: number]
>(
  "INSERT INTO erasures (public_id, kind, state, plan, requested_by, started_at) VALUES (?, ?, 'running', ?, ?, ?)",
);
export const findErasure = queryOne<[id: number], ErasureRow>('SELECT * FROM erasures WHERE id = ?');
export const findErasureByPublicId = queryOne<[publicId: string], ErasureRow>(
  'SELECT * FROM erasures WHERE public_id = ?',
);
export const findErasures = query<[limit: number], ErasureRow[]>(
  'SELECT * FROM erasures ORDER BY id DESC LIMIT ?',
);
export const findUnfinishedErasures = queryColumn<[], number>(
  "SELECT id FROM erasures WHERE plan IS NOT NULL AND state = 'running' ORDER BY id",
);
/** Not done yet, failed and waiting ones too. */
export const findOwedErasures = queryColumn<[], number>(
  "SELECT id FROM erasures WHERE state <> 'done' ORDER BY id",
);
/** What somebody should look at. */
export const findWaitingErasures = query<[], ErasureRow[]>(
  "SELECT * FROM erasures WHERE state IN ('waiting', 'failed') ORDER BY id",
);
export const updateErasureStep = change<[step: string, id: number]>(
  "UPDATE erasures SET step = ?, state = 'running', error = NULL WHERE id = ?",
);
export const updateErasurePlan = change<[plan: Buffer, id: number]>(
  'UPDATE erasures SET plan = ? WHERE id = ?',
);
export const updateErasureFailed = change<[error: string, id: number]>(
  "UPDATE erasures SET state = 'failed', error = ? WHERE id = ?",
);
/** The data folder is clean; `plan` is from now on what is left to do outside of it. */
export const updateErasureChecked = change<[certificate: string, rest: Buffer, id: number]>(
  "UPDATE erasures SET step = 'outside', certificate = ?, plan = ? WHERE id = ?",
);
export const updateErasureRest = change<[certificate: string, rest: Buffer, id: number]>(
  'UPDATE erasures SET certificate = ?, plan = ? WHERE id = ?',
);
export const updateErasureWaiting = change<
  [certificate: string, rest: Buffer | null, waitsFor: string, id: number]
>(
  "UPDATE erasures SET state = 'waiting', certificate = ?, plan = ?, waits_for = ?, error = NULL WHERE id = ?",
);
export const updateErasureDone = change<[certificate: string, now: number, id: number]>(
  "UPDATE erasures SET state = 'done', step = 'done', plan = NULL, waits_for = NULL, error = NULL, certificate = ?, ended_at = ? WHERE id = ?",
);

export type ErasedKind = 'customer' | 'address' | 'mail';
export const insertErasedKey = change<[hash: string, kind: ErasedKind, at: number]>(
  'INSERT INTO erased_keys (key_hash, kind, erased_at) VALUES (?, ?, ?) ON CONFLICT (key_hash) DO UPDATE SET erased_at = max(erased_at, excluded.erased_at)',
);
export const findErasedKeys = query<[], { key_hash: string; kind: ErasedKind; erased_at: number }[]>(
  'SELECT key_hash, kind, erased_at FROM erased_keys ORDER BY erased_at, key_hash',
);
/** Mails that may still lie on a mail server. */
export const findKeysOnServers = queryColumn<[], string>(
  "SELECT key_hash FROM erased_keys WHERE kind = 'mail' AND off_server = 0",
);
export const deleteErasedKeys = change<[before: number, mayBeRead: number]>(
  "DELETE FROM erased_keys WHERE erased_at < ? AND (kind <> 'mail' OR off_server = 1 OR ? = 0)",
);
/** Seen to be on no mail server any more. */
export const updateOffServer = change<[hash: string]>(
  "UPDATE erased_keys SET off_server = 1 WHERE key_hash = ? AND kind = 'mail'",
);
export const findErasedKey = queryValue<[hash: string, kind: ErasedKind], number>(
  'SELECT erased_at FROM erased_keys WHERE key_hash = ? AND kind = ?',
);

export interface ExportRow {
  id: number;
  public_id: string;
  customer_id: number;
  address_key: string | null;
  requested_by: number | null;
  state: 'running' | 'done' | 'failed';
  done: number;
  total: number;
  withheld: string;
  disk_name: string | null;
  size: number | null;
  created_at: number;
  ended_at: number | null;
  expires_at: number;
  error: string | null;
}

export const insertExport = insert<
  [
    publicId: string,
    customerId: number,
    addressKey: string | null,
    requestedBy: number | null,
    withheld: string,
    now: number,
    expiresAt: number,
  ]
>(`
  INSERT INTO exports (public_id, customer_id, address_key, requested_by, state, withheld, created_at, expires_at) VALUES (?, ?, ?, ?, 'running', ?, ?, ?)`);
export const findExport = queryOne<[id: number], ExportRow>('SELECT * FROM exports WHERE id = ?');
export const findExportByPublicId = queryOne<[publicId: string], ExportRow>(
  'SELECT * FROM exports WHERE public_id = ?',
);
export const findExports = query<[limit: number], ExportRow[]>(
  'SELECT * FROM exports ORDER BY id DESC LIMIT ?',
);
export const findExportsOf = query<[customerId: number], ExportRow[]>(
  'SELECT * FROM exports WHERE customer_id = ? ORDER BY id DESC',
);
export const findExpiredExports = query<[now: number], ExportRow[]>(
  'SELECT * FROM exports WHERE expires_at <= ?',
);
export const findRunningExports = queryColumn<[], number>(
  "SELECT customer_id FROM exports WHERE state = 'running'",
);
export const findExportNames = queryColumn<[], string>(
  'SELECT disk_name FROM exports WHERE disk_name IS NOT NULL',
);
export const updateExportProgress = change<[done: number, total: number, id: number]>(
  "UPDATE exports SET state = 'running', error = NULL, done = ?, total = ? WHERE id = ?",
);
export const updateExportDone = change<[diskName: string, size: number, now: number, id: number]>(
  "UPDATE exports SET state = 'done', error = NULL, disk_name = ?, size = ?, ended_at = ? WHERE id = ?",
);
export const updateExportFailed = change<[error: string, now: number, id: number]>(
  "UPDATE exports SET state = 'failed', error = ?, ended_at = ? WHERE id = ?",
);
export const deleteExport = change<[id: number]>('DELETE FROM exports WHERE id = ?');
