// The only way from a request to a mailbox: one that is in use, and not the built-in one.
import type { App } from '../app';
import { NotFound } from '../lib/errors';
import type { MailboxRow } from './mailbox';
import { findMailboxById } from './queries';

/** Undefined for whatever is no number of such a mailbox. */
export function knownMailbox(app: App, id: unknown): MailboxRow | undefined {
  const mailbox = findMailboxById(app.db, Number(/^\d{1,15}$/.exec(String(id))?.[0] ?? 0));
  return mailbox && mailbox.deleted_at === null && !mailbox.is_local ? mailbox : undefined;
}

/** Throws NotFound. */
export function mailboxFor(app: App, id: unknown): MailboxRow {
  const mailbox = knownMailbox(app, id);
  if (!mailbox) throw NotFound();
  return mailbox;
}
