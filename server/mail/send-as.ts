// From which mailbox a waiting mail leaves: a mail is never offered to one mailbox's server under another one's address.
import type { App } from '../app';
import { withTag } from './addresses';
import type { MailboxRow } from './mailbox';
import type { OutgoingMail } from './outgoing';
import { findMailboxById, findMailboxes, type OutboxRow } from './queries';

/** Our mark, which is the first part of the Message-ID and the tag of the reply address (M6). */
const MARK = /^hd-[0-9a-f]{32}(?=@)/;

/** The mail's own mailbox, else the first that can send. `isRemoved`: its own is gone, and a person decides (O5). */
export function mailboxOf(app: App, mail: OutboxRow): { mailbox?: MailboxRow; isRemoved: boolean } {
  const own = mail.mailbox_id === null ? undefined : findMailboxById(app.db, mail.mailbox_id);
  if (own && own.deleted_at !== null) return { isRemoved: true };
  const mailbox = own?.smtp ? own : findMailboxes(app.db).find(({ smtp }) => smtp !== null);
  return { mailbox, isRemoved: false };
}

/** The mail as that mailbox sends it: under its address, and with answers to where it takes them. */
export function asSentFrom(mailbox: MailboxRow, mail: OutgoingMail): OutgoingMail {
  if (mail.from.address === mailbox.address) return mail;
  const mark = MARK.exec(mail.messageId)?.[0];
  const { replyTo: _old, ...rest } = mail;
  return {
    ...rest,
    from: { ...mail.from, address: mailbox.address },
    ...(mark && mailbox.plus_addresses ? { replyTo: withTag(mailbox.address, mark) } : {}),
  };
}
