// The built-in mailbox: takes what `deliver` brings before any other mailbox is set up.
import type { App } from '../app';
import { validAddress } from './addresses';
import { LOCAL_ADDRESS, type MailboxRow } from './mailbox';
import { mailboxOfAddress } from './own-address';
import { peekHeaders } from './peek-headers';
import { findLocalMailbox, findMailboxById, findMailboxes, insertLocalMailbox } from './queries';

/** Made when first needed. */
export function localMailbox(app: App): MailboxRow {
  const known = findLocalMailbox(app.db);
  if (known) return known;
  const id = insertLocalMailbox(app.db, LOCAL_ADDRESS, LOCAL_ADDRESS, 'Hearthdesk', app.clock.now());
  return findMailboxById(app.db, id) as MailboxRow;
}

/** The mailbox a delivered mail is for: the one among its recipients, else the first, else the built-in one. */
export function mailboxForDelivery(app: App, raw: Uint8Array): MailboxRow {
  const headers = peekHeaders(raw, ['delivered-to', 'to', 'cc']);
  for (const value of Object.values(headers).flat()) {
    for (const text of value.slice(0, 20_000).split(/[\s,;<>"]+/)) {
      const address = text.includes('@') ? validAddress(text) : undefined;
      const mailbox = address && mailboxOfAddress(app, address);
      if (mailbox) return mailbox;
    }
  }
  return findMailboxes(app.db).find((mailbox) => !mailbox.is_local) ?? localMailbox(app);
}
