// Undoing an import: what only it has brought goes, byte for byte; what people have worked on since stays, and is said.
import type { App } from '../../app';
import { sweepFiles } from '../../attachments';
import { change, query, queryOne, queryValue } from '../../db';
import { record, SYSTEM } from '../../events';
import { removeRaw } from '../../mail';
import { refreshNewest } from '../excerpt';
import { signalTicket } from '../live';
import { deleteMessage, findTicketById } from '../queries';
import { indexTicket, mergeToTheEnd } from '../search/write-index';
import type { ImportMail, ImportRun } from './import';
import { deleteEmptyThreads, deleteIdsOfRun } from './threads';

/** A transaction takes a few ms. */
const A_WRITE = 10;
const IDS_A_WRITE = 500;

/** Goes on where it was; false when nothing is left to take away. */
export async function undoSome(app: App, run: ImportRun): Promise<boolean> {
  for (const some of [unfiled, joined, tickets, customers, tags]) {
    const gone: string[] = [];
    const isMore = await app.write(() => some(app, run, gone));
    for (const name of gone) await removeRaw(app, name);
    if (isMore) return true;
  }
  if ((await app.write(() => deleteIdsOfRun(app.db, run.id, IDS_A_WRITE))) > 0) return true;
  if ((await app.write(() => deleteForgotten(app.db, run.id, IDS_A_WRITE))) > 0) return true;
  if ((await app.write(() => deleteEmptyThreads(app.db, IDS_A_WRITE))) > 0) return true;
  await sweepFiles(app);
  await mergeToTheEnd(app);
  return false;
}

type Some = (app: App, run: ImportRun, gone: string[]) => boolean;

type Unfiled = Pick<ImportMail, 'id' | 'inbound_mail_id'> & { disk_name: string | null };
const findUnfiled = query<[runId: number, limit: number], Unfiled[]>(`
  SELECT import_mails.id, inbound_mail_id, disk_name FROM import_mails LEFT JOIN inbound_mails ON inbound_mails.id = inbound_mail_id
   WHERE run_id = ? AND import_mails.ticket_id IS NULL AND inbound_mail_id IS NOT NULL
     AND NOT EXISTS (SELECT 1 FROM messages WHERE messages.inbound_mail_id = import_mails.inbound_mail_id) LIMIT ?`);
const deleteInbound = change<[id: number]>("DELETE FROM inbound_mails WHERE id = ? AND source = 'import'");
const updateForgotten = change<[id: number]>(
  'UPDATE import_mails SET inbound_mail_id = NULL, ticket_id = NULL, message_id = NULL WHERE id = ?',
);

/** Mails that wait in the tray. */
const unfiled: Some = (app, run, gone) => {
  const mails = findUnfiled(app.db, run.id, A_WRITE);
  for (const { id, inbound_mail_id: inbound, disk_name: diskName } of mails) {
    if (diskName) gone.push(diskName);
    if (inbound !== null) deleteInbound(app.db, inbound);
    updateForgotten(app.db, id);
  }
  return mails.length === A_WRITE;
};

const findJoined = query<
  [runId: number, limit: number],
  { id: number; message_id: number; ticket_id: number }[]
>(`
  SELECT import_mails.id, messages.id AS message_id, messages.ticket_id FROM import_mails JOIN messages ON messages.id = message_id
   WHERE run_id = ? AND NOT EXISTS (
     SELECT 1 FROM import_things WHERE kind = 'ticket' AND thing_id = messages.ticket_id AND import_things.run_id = import_mails.run_id) LIMIT ?`);
/** Whoever came onto a ticket by that message alone leaves it again. */
const deleteStrangers = change<[ticketId: number, sameId: number]>(`
  DELETE FROM participants WHERE ticket_id = ? AND role = 'copy' AND state = 'unverified' AND customer_id NOT IN (
    SELECT author_id FROM messages WHERE ticket_id = ? AND author_kind = 'customer' AND author_id IS NOT NULL)`);

/** Messages on tickets that were there before, or that another import brought. */
const joined: Some = (app, run, gone) => {
  const mails = findJoined(app.db, run.id, A_WRITE);
  for (const { id, message_id: message, ticket_id: ticket } of mails) {
    updateForgotten(app.db, id);
    deleteMessage(app.db, message);
    gone.push(...app.hooks.takeAway(app, 'message', message));
    deleteStrangers(app.db, ticket, ticket);
    refreshNewest(app, ticket);
    indexTicket(app, ticket);
    signalTicket(app, ticket);
  }
  return mails.length === A_WRITE;
};

const findBrought = query<[runId: number, kind: string, limit: number], { thing_id: number }[]>(
  'SELECT thing_id FROM import_things WHERE run_id = ? AND kind = ? AND kept IS NULL LIMIT ?',
);
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

const tickets: Some = (app, run, gone) => {
  const found = findBrought(app.db, run.id, 'ticket', A_WRITE);
  for (const { thing_id: id } of found) {
    if (!findTicketById(app.db, id)) deleteThing(app.db, 'ticket', id);
    else if (app.hooks.isHeld(app, id)) updateKept(app.db, 'held', 'ticket', id);
    else if (isChanged(app.db, id, id, id, id, id, run.id) === 1) updateKept(app.db, 'changed', 'ticket', id);
    else {
      gone.push(...app.hooks.takeAway(app, 'ticket', id));
      record(app, 'ticket.import-undone', SYSTEM, { id });
      deleteThing(app.db, 'ticket', id);
    }
  }
  return found.length === A_WRITE;
};

/** Somebody who is on a ticket, has written, chats, or is kept for a reason is not only this import's any more. */
const isElsewhere = queryOne<
  [customerId: number, ...same: [number, number, number, number, number]],
  { notes: string }
>(`
  SELECT notes FROM customers WHERE id = ? AND (notes <> '' OR restricted_at IS NOT NULL
     OR EXISTS (SELECT 1 FROM tickets WHERE customer_id = ?)
     OR EXISTS (SELECT 1 FROM messages WHERE author_kind = 'customer' AND author_id = ?)
     OR EXISTS (SELECT 1 FROM participants WHERE customer_id = ?)
     OR EXISTS (SELECT 1 FROM holds WHERE customer_id = ?)
     OR EXISTS (SELECT 1 FROM events WHERE subject_kind = 'customer' AND subject_id = ? AND actor_kind = 'agent'))`);

const customers: Some = (app, run, gone) => {
  const found = findBrought(app.db, run.id, 'customer', A_WRITE);
  for (const { thing_id: id } of found) {
    if (isElsewhere(app.db, id, id, id, id, id, id)) updateKept(app.db, 'changed', 'customer', id);
    else {
      gone.push(...app.hooks.takeAway(app, 'customer', id));
      deleteThing(app.db, 'customer', id);
    }
  }
  return found.length === A_WRITE;
};

/** How many they were stands in the run; what is left are those of tickets that were kept. */
const deleteForgotten = change<[runId: number, limit: number]>(
  'DELETE FROM import_mails WHERE id IN (SELECT id FROM import_mails WHERE run_id = ? AND ticket_id IS NULL LIMIT ?)',
);

const deleteUnusedTag = change<[id: number]>(
  'DELETE FROM tags WHERE id = ? AND NOT EXISTS (SELECT 1 FROM ticket_tags WHERE tag_id = tags.id)',
);

const tags: Some = (app, run) => {
  const found = findBrought(app.db, run.id, 'tag', A_WRITE);
  for (const { thing_id: id } of found) {
    if (deleteUnusedTag(app.db, id) === 1) deleteThing(app.db, 'tag', id);
    else updateKept(app.db, 'changed', 'tag', id);
  }
  return found.length === A_WRITE;
};
