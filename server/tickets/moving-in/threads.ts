// Which of the old mails belong together: whoever names the same id is in one thread, in whatever order they come.
import type { App } from '../../app';
import { change, insert, query, queryValue } from '../../db';
import { tokenHash } from '../../lib/ids';
import { workInSteps } from '../work-in-steps';

/** Of one mail; a longer list is somebody's mistake. */
const MOST_NAMED = 100;

const findThreadsOf = query<[hashes: string], { thread: number }[]>(
  'SELECT DISTINCT thread FROM json_each(?) AS ids CROSS JOIN import_ids ON key_hash = unhex(ids.value) ORDER BY thread',
);
const insertThread = insert<[ticketId: null]>('INSERT INTO import_threads (ticket_id) VALUES (?)');
const insertIds = change<[thread: number, runId: number, hashes: string]>(`
  INSERT INTO import_ids (key_hash, thread, run_id) SELECT unhex(ids.value), ?, ? FROM json_each(?) AS ids WHERE true
  ON CONFLICT DO NOTHING`);
const updateIds = change<[to: number, from: number]>('UPDATE import_ids SET thread = ? WHERE thread = ?');
const updateMails = change<[to: number, from: number]>('UPDATE import_mails SET thread = ? WHERE thread = ?');
const findTicketOf = queryValue<[thread: number], number | null>(
  'SELECT ticket_id FROM import_threads WHERE id = ?',
);
const updateTicketOf = change<[ticketId: number, thread: number]>(
  'UPDATE import_threads SET ticket_id = ? WHERE id = ?',
);
const deleteThread = change<[id: number]>('DELETE FROM import_threads WHERE id = ?');

/** The thread of a mail by its own id and those that it names; threads that it connects become one. Within a transaction. */
export function threadOf(app: App, runId: number, ids: string[]): number {
  const hashes = JSON.stringify(
    [...new Set(ids.slice(0, MOST_NAMED))].map((id) => tokenHash(id).toString('hex')),
  );
  const [first, ...others] = findThreadsOf(app.db, hashes).map(({ thread }) => thread);
  const thread = first ?? insertThread(app.db, null);
  for (const other of others) {
    const ticket = findTicketOf(app.db, other);
    if (ticket && !findTicketOf(app.db, thread)) updateTicketOf(app.db, ticket, thread);
    updateIds(app.db, thread, other);
    updateMails(app.db, thread, other);
    deleteThread(app.db, other);
  }
  insertIds(app.db, thread, runId, hashes);
  return thread;
}

/** The ticket that holds the thread's mails, once one of them was filed. */
export const ticketOfThread = (app: App, thread: number): number | undefined =>
  findTicketOf(app.db, thread) ?? undefined;

export const rememberTicket = (app: App, thread: number, ticketId: number): void =>
  void updateTicketOf(app.db, ticketId, thread);

const A_WRITE = 500;
/** Before the first. */
const NO_HASH = Buffer.alloc(0);

const findLastId = queryValue<[runId: number, after: Buffer, limit: number], Buffer | null>(
  'SELECT max(key_hash) FROM (SELECT key_hash FROM import_ids WHERE run_id = ? AND key_hash > ? ORDER BY key_hash LIMIT ?)',
);
const deleteKnown = change<[runId: number, after: Buffer, last: Buffer]>(`
  DELETE FROM import_ids WHERE run_id = ? AND key_hash > ? AND key_hash <= ? AND EXISTS (
    SELECT 1 FROM thread_keys WHERE thread_keys.key_hash = import_ids.key_hash AND kind = 'theirs')`);

/** Mails that were filed are found by their own ids from then on; what is only named is still needed, by an import to come. */
export async function deleteKnownIds(app: App, runId: number): Promise<void> {
  let after: Buffer = NO_HASH;
  const step = () => {
    const last = findLastId(app.db, runId, after, A_WRITE);
    if (!last) return false;
    deleteKnown(app.db, runId, after, last);
    after = last;
    return true;
  };
  await workInSteps(app, step, Number.POSITIVE_INFINITY);
}

export const deleteIdsOfRun = change<[runId: number, limit: number]>(
  'DELETE FROM import_ids WHERE key_hash IN (SELECT key_hash FROM import_ids WHERE run_id = ? LIMIT ?)',
);

const findLastThread = queryValue<[after: number, limit: number], number | null>(
  'SELECT max(id) FROM (SELECT id FROM import_threads WHERE id > ? ORDER BY id LIMIT ?)',
);
const deleteEmpty = change<[after: number, last: number]>(`
  DELETE FROM import_threads WHERE id > ? AND id <= ?
    AND NOT EXISTS (SELECT 1 FROM import_ids WHERE thread = import_threads.id)
    AND NOT EXISTS (SELECT 1 FROM import_mails WHERE thread = import_threads.id)`);

/** Threads of which nothing is known any more. */
export async function deleteEmptyThreads(app: App): Promise<void> {
  let after = 0;
  const step = () => {
    const last = findLastThread(app.db, after, A_WRITE) ?? undefined;
    if (last === undefined) return false;
    deleteEmpty(app.db, after, last);
    after = last;
    return true;
  };
  // All of them at once: one that breaks off would begin at the first again.
  await workInSteps(app, step, Number.POSITIVE_INFINITY);
}
