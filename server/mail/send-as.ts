// From which mailbox a waiting mail leaves: a mail is never offered to one mailbox's server under another one's address.
import type { App } from '../app';
import { domainOf, withTag } from './addresses';
import { type MailboxRow, maySend } from './mailbox';
import type { HoldReason } from './outbox';
import type { OutgoingMail } from './outgoing';
import { ownAddress } from './own-address';
import { findMailboxById, findMailboxes, type OutboxRow } from './queries';

/** Our mark, which is the first part of the Message-ID and the tag of the reply address (M6). */
const MARK = /^hd-[0-9a-f]{32}(?=@)/;

/** The mail's own mailbox, else the first that sends. `held`: why a person decides, when its own is gone or only read (O5). */
export function mailboxOf(
  app: App,
  mail: OutboxRow,
): { mailbox?: MailboxRow | undefined; held?: HoldReason } {
  const own = mail.mailbox_id === null ? undefined : findMailboxById(app.db, mail.mailbox_id);
  if (own && own.deleted_at !== null) return { held: 'mailbox-removed' };
  if (own?.only_reads) return { held: 'mailbox-only-read' };
  return { mailbox: own?.smtp ? own : findMailboxes(app.db).find(maySend) };
}

/**
 * Where answers to a mail come that leaves by this mailbox as `address`: tagged where the mailbox takes +tags (M6). That says nothing of
 * an alias in another domain, where they may not arrive: answers to one come to the alias itself.
 */
export function replyAddress(
  mailbox: Pick<MailboxRow, 'address' | 'plus_addresses'> | undefined,
  address: string,
  mark: string,
): string | undefined {
  const isTagged = mailbox?.plus_addresses === 1 && domainOf(address) === domainOf(mailbox.address);
  return isTagged ? withTag(address, mark) : undefined;
}

/** The mail as that mailbox sends it: as one of its addresses, its own when the other was removed, with answers to where it takes them. */
export function asSentFrom(app: App, mailbox: MailboxRow, mail: OutgoingMail): OutgoingMail {
  const { address } = mail.from;
  if (address === mailbox.address || ownAddress(app, address)?.mailbox.id === mailbox.id) return mail;
  const mark = MARK.exec(mail.messageId)?.[0];
  const { replyTo: _old, ...rest } = mail;
  const replyTo = mark && replyAddress(mailbox, mailbox.address, mark);
  return { ...rest, from: { ...mail.from, address: mailbox.address }, ...(replyTo ? { replyTo } : {}) };
}
