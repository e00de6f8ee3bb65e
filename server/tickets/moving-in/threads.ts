// Which of the old mails belong together: whoever names the same id is in one thread, in whatever order they come.
import type { App } from '../../app';
import { change, insert, query, queryValue } from '../../db';
import { tokenHash } from '../../lib/ids';

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

/** Mails that were filed are found by their own ids from then on; what is only named is still needed, by an import to come. */
export const deleteKnownIds = change<[runId: number, limit: number]>(`
  DELETE FROM import_ids WHERE key_hash IN (
    SELECT import_ids.key_hash FROM import_ids WHERE run_id = ? AND EXISTS (
      SELECT 1 FROM thread_keys WHERE thread_keys.key_hash = import_ids.key_hash AND kind = 'theirs') LIMIT ?)`);
export const deleteIdsOfRun = change<[runId: number, limit: number]>(
  'DELETE FROM import_ids WHERE key_hash IN (SELECT key_hash FROM import_ids WHERE run_id = ? LIMIT ?)',
);
/** Threads of which nothing is known any more. */
export const deleteEmptyThreads = change<[limit: number]>(`
  DELETE FROM import_threads WHERE id IN (SELECT id FROM import_threads
   WHERE NOT EXISTS (SELECT 1 FROM import_ids WHERE thread = import_threads.id)
     AND NOT EXISTS (SELECT 1 FROM import_mails WHERE thread = import_threads.id) LIMIT ?)`);
