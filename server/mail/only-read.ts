// Only read: a mailbox beside which people answer in another mail program. Nothing is sent from it, and nothing on its server changes.
import { z } from 'zod';
import type { App } from '../app';
import { change } from '../db';
import { type Actor, record } from '../events';
import type { MailboxRow } from './mailbox';
import { holdMailsOf } from './outbox';
import { readAnew } from './save-mailbox';

export const onlyReadForm = z.strictObject({ onlyRead: z.enum(['0', '1']) });

const updateOnlyReads = change<[onlyReads: number, id: number]>(
  'UPDATE mailboxes SET only_reads = ? WHERE id = ?',
);

/**
 * Within a transaction. What waits to leave is held: once the mailbox sends again a person decides about each, because it may have been
 * answered elsewhere meanwhile.
 */
export function changeOnlyRead(app: App, actor: Actor, mailbox: MailboxRow, onlyReads: boolean): void {
  if ((mailbox.only_reads === 1) === onlyReads) return;
  updateOnlyReads(app.db, onlyReads ? 1 : 0, mailbox.id);
  if (onlyReads) holdMailsOf(app, mailbox.id, 'mailbox-only-read');
  record(app, onlyReads ? 'mailbox.only-read' : 'mailbox.sends', actor, mailbox);
  app.db.afterCommit(() => readAnew(app));
}
