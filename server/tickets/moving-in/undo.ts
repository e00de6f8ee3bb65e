// Undoing an import: what only it has brought goes, byte for byte; what people have worked on since stays, and is said.
import type { App } from '../../app';
import { sweepFiles } from '../../attachments';
import { change, query, queryColumn, queryValue } from '../../db';
import { record, SYSTEM } from '../../events';
import { removeRaw } from '../../mail';
import { refreshNewest } from '../excerpt';
import { signalTicket } from '../live';
import { deleteMessage, findTicketById } from '../queries';
import { indexTicket, mergeToTheEnd } from '../search/write-index';
import type { ImportRun, ThingKind } from './import';
import { deleteEmptyThreads, deleteIdsOfRun } from './threads';

/** Things in one transaction, which takes a few ms, among so many that are looked at. */
const A_WRITE = 10;
const A_LOOK = 200;
const IDS_A_WRITE = 500;

/** Takes away some of what comes after `run.undo_after`. Where it came to; undefined when that was the last. */
type Step = (app: App, run: ImportRun, gone: string[]) => number | undefined;

const updateUndo = change<[step: number, after: number, id: number]>(
  'UPDATE import_runs SET undo_step = ?, undo_after = ? WHERE id = ?',
);

/** Goes on where it was: nothing is looked at twice, however much stays. False when nothing is left to take away. */
export async function undoSome(app: App, run: ImportRun): Promise<boolean> {
  const step = STEPS[run.undo_step];
  if (step) {
    const gone: string[] = [];
    await app.write(() => {
      const last = step(app, run, gone);
      updateUndo(app.db, last === undefined ? run.undo_step + 1 : run.undo_step, last ?? 0, run.id);
    });
    for (const name of gone) await removeRaw(app, name);
    return true;
  }
  if ((await app.write(() => deleteIdsOfRun(app.db, run.id, IDS_A_WRITE))) > 0) return true;
  await deleteEmptyThreads(app);
  await sweepFiles(app);
  await mergeToTheEnd(app);
  return false;
}

interface Mail {
  id: number;
  inbound_mail_id: number | null;
  disk_name: string | null;
  /** Not filed, and nobody has imported it since. */
  is_unfiled: number;
  message_id: number | null;
  ticket_id: number | null;
  author_id: number | null;
  is_elsewhere: number;
  is_moved: number;
  is_author_kept: number;
}
const findMails = query<[runId: number, after: number, limit: number], Mail[]>(`
  SELECT import_mails.id, import_mails.inbound_mail_id, disk_name, messages.id AS message_id, messages.ticket_id,
    CASE author_kind WHEN 'customer' THEN author_id END AS author_id,
    import_mails.ticket_id IS NULL AND import_mails.inbound_mail_id IS NOT NULL AND NOT EXISTS (
      SELECT 1 FROM messages AS others WHERE others.inbound_mail_id = import_mails.inbound_mail_id) AS is_unfiled,
    NOT EXISTS (SELECT 1 FROM import_things WHERE kind = 'ticket' AND thing_id = messages.ticket_id
      AND import_things.run_id = import_mails.run_id) AS is_elsewhere,
    EXISTS (SELECT 1 FROM moved_messages WHERE moved_messages.message_id = messages.id) AS is_moved,
    author_kind = 'customer' AND (EXISTS (SELECT 1 FROM customers WHERE customers.id = author_id AND restricted_at IS NOT NULL)
      OR EXISTS (SELECT 1 FROM holds WHERE holds.customer_id = author_id AND released_at IS NULL)) AS is_author_kept
    FROM import_mails LEFT JOIN inbound_mails ON inbound_mails.id = import_mails.inbound_mail_id
      LEFT JOIN messages ON messages.id = import_mails.message_id
   WHERE run_id = ? AND import_mails.id > ? ORDER BY import_mails.id LIMIT ?`);
const deleteInbound = change<[id: number]>("DELETE FROM inbound_mails WHERE id = ? AND source = 'import'");
const updateForgotten = change<[id: number]>(
  'UPDATE import_mails SET inbound_mail_id = NULL, ticket_id = NULL, message_id = NULL WHERE id = ?',
);
const insertKeptMessage = change<[runId: number, messageId: number, kept: 'changed' | 'held']>(
  "INSERT INTO import_things (run_id, kind, thing_id, kept) VALUES (?, 'message', ?, ?) ON CONFLICT DO NOTHING",
);
/** Whoever came onto a ticket by that message alone leaves it again. */
const deleteStranger = change<[ticketId: number, customerId: number, ...same: [number, number]]>(`
  DELETE FROM participants WHERE ticket_id = ? AND customer_id = ? AND role = 'copy' AND state = 'unverified' AND NOT EXISTS (
    SELECT 1 FROM messages WHERE ticket_id = ? AND author_kind = 'customer' AND author_id = ?)`);

/** Mails that wait in the tray, and messages on tickets that were there before, or that another import brought. */
const mails: Step = (app, run, gone) => {
  const found = findMails(app.db, run.id, run.undo_after, A_LOOK);
  let taken = 0;
  for (const mail of found) {
    if (takeMail(app, run, mail, gone)) taken += 1;
    if (taken === A_WRITE) return mail.id;
  }
  return found.length === A_LOOK ? found.at(-1)?.id : undefined;
};

/** Whether anything was to do. What goes with a ticket of this import is left to that. */
function takeMail(app: App, run: ImportRun, mail: Mail, gone: string[]): boolean {
  const { id, message_id: message, ticket_id: ticket, author_id: author } = mail;
  if (mail.is_unfiled === 1 && mail.inbound_mail_id !== null) {
    if (mail.disk_name) gone.push(mail.disk_name);
    deleteInbound(app.db, mail.inbound_mail_id);
    updateForgotten(app.db, id);
    return true;
  }
  if (message === null || ticket === null || mail.is_elsewhere === 0) return false;
  const isHeld = mail.is_author_kept === 1 || app.hooks.isHeld(app, ticket);
  if (isHeld || mail.is_moved === 1) {
    insertKeptMessage(app.db, run.id, message, isHeld ? 'held' : 'changed');
    return true;
  }
  updateForgotten(app.db, id);
  deleteMessage(app.db, message);
  gone.push(...app.hooks.takeAway(app, 'message', message));
  if (author !== null) deleteStranger(app.db, ticket, author, ticket, author);
  refreshNewest(app, ticket);
  indexTicket(app, ticket);
  signalTicket(app, ticket);
  return true;
}

const findBrought = queryColumn<[runId: number, kind: ThingKind, after: number, limit: number], number>(
  'SELECT thing_id FROM import_things WHERE run_id = ? AND kind = ? AND thing_id > ? ORDER BY thing_id LIMIT ?',
);
/** One after another; `take` says what becomes of each. */
const things =
  (kind: ThingKind, take: (app: App, run: ImportRun, id: number, gone: string[]) => void): Step =>
  (app, run, gone) => {
    const found = findBrought(app.db, run.id, kind, run.undo_after, A_WRITE);
    for (const id of found) take(app, run, id, gone);
    return found.length === A_WRITE ? found.at(-1) : undefined;
  };
const updateKept = change<[kept: 'changed' | 'held', kind: string, id: number]>(
  'UPDATE import_things SET kept = ? WHERE kind = ? AND thing_id = ?',
);
const deleteThing = change<[kind: string, id: number]>(
  'DELETE FROM import_things WHERE kind = ? AND thing_id = ?',
);

/** An agent did something, something was written that this import has not brought, or another ticket leads here. */
const isChanged = queryValue<
  [ticketId: number, ...same: [number, number, number, number], runId: number],
  1
>(`
  SELECT 1 WHERE EXISTS (SELECT 1 FROM events WHERE subject_kind = 'ticket' AND subject_id = ? AND actor_kind = 'agent')
      OR EXISTS (SELECT 1 FROM drafts WHERE ticket_id = ?)
      OR EXISTS (SELECT 1 FROM tickets WHERE merged_into_id = ? OR linked_ticket_id = ?)
      OR EXISTS (SELECT 1 FROM messages WHERE messages.ticket_id = ? AND NOT EXISTS (
           SELECT 1 FROM import_mails WHERE import_mails.message_id = messages.id AND run_id = ?))`);

const tickets = things('ticket', (app, run, id, gone) => {
  if (!findTicketById(app.db, id)) deleteThing(app.db, 'ticket', id);
  else if (app.hooks.isHeld(app, id)) updateKept(app.db, 'held', 'ticket', id);
  else if (isChanged(app.db, id, id, id, id, id, run.id) === 1) updateKept(app.db, 'changed', 'ticket', id);
  else {
    gone.push(...app.hooks.takeAway(app, 'ticket', id));
    record(app, 'ticket.import-undone', SYSTEM, { id });
    deleteThing(app.db, 'ticket', id);
  }
});

/** Somebody who is on a ticket, has written, chats, or is kept for a reason is not only this import's any more. */
const isElsewhere = queryValue<[customerId: number, ...same: [number, number, number, number, number]], 1>(`
  SELECT 1 FROM customers WHERE id = ? AND (restricted_at IS NOT NULL
     OR EXISTS (SELECT 1 FROM tickets WHERE customer_id = ?)
     OR EXISTS (SELECT 1 FROM messages WHERE author_kind = 'customer' AND author_id = ?)
     OR EXISTS (SELECT 1 FROM participants WHERE customer_id = ?)
     OR EXISTS (SELECT 1 FROM holds WHERE customer_id = ?)
     OR EXISTS (SELECT 1 FROM events WHERE subject_kind = 'customer' AND subject_id = ? AND actor_kind = 'agent'))`);

const customers = things('customer', (app, _run, id, gone) => {
  if (isElsewhere(app.db, id, id, id, id, id, id) === 1) updateKept(app.db, 'changed', 'customer', id);
  else {
    gone.push(...app.hooks.takeAway(app, 'customer', id));
    deleteThing(app.db, 'customer', id);
  }
});

const deleteUnusedTag = change<[id: number]>(
  'DELETE FROM tags WHERE id = ? AND NOT EXISTS (SELECT 1 FROM ticket_tags WHERE tag_id = tags.id)',
);

const tags = things('tag', (app, _run, id) => {
  if (deleteUnusedTag(app.db, id) === 1) deleteThing(app.db, 'tag', id);
  else updateKept(app.db, 'changed', 'tag', id);
});

const findLastOfPage = queryValue<[runId: number, after: number, limit: number], number | null>(
  'SELECT max(id) FROM (SELECT id FROM import_mails WHERE run_id = ? AND id > ? ORDER BY id LIMIT ?)',
);
const deleteForgotten = change<[runId: number, after: number, last: number]>(
  'DELETE FROM import_mails WHERE run_id = ? AND id > ? AND id <= ? AND ticket_id IS NULL',
);
/** How many they were stands in the run; what is left are those of what was kept. */
const forgotten: Step = (app, run) => {
  const last = findLastOfPage(app.db, run.id, run.undo_after, IDS_A_WRITE) ?? undefined;
  if (last !== undefined) deleteForgotten(app.db, run.id, run.undo_after, last);
  return last;
};

/** By their places here a run remembers where it is. */
const STEPS: Step[] = [mails, tickets, customers, tags, forgotten];
