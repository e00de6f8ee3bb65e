// Our own addresses, with or without one of our +tags.
import type { App } from '../app';
import { addressKey, splitTag } from './addresses';
import type { MailboxRow } from './mailbox';
import { findMailboxByAddress } from './queries';

/** The mailbox that takes mail for an address; one whose own name has a plus comes first. */
export function mailboxOfAddress(app: App, address: string): MailboxRow | undefined {
  const key = addressKey(address);
  return findMailboxByAddress(app.db, key) ?? findMailboxByAddress(app.db, splitTag(key).address);
}

/** Our own addresses never become anybody's: no customer's, no recipient's, no suggestion (AC-23). */
export const isOwnAddress = (app: App, address: string): boolean =>
  mailboxOfAddress(app, address) !== undefined;
