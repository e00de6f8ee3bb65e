// Our own addresses, which never become anybody's: no customer's, no recipient's, no suggestion (AC-23).
import type { App } from '../app';
import { addressKey, splitTag } from './addresses';
import { findMailboxByAddress } from './queries';

/** True for the address of a mailbox, with or without one of our +tags. */
export function isOwnAddress(app: App, address: string): boolean {
  const key = addressKey(address);
  return Boolean(findMailboxByAddress(app.db, key) ?? findMailboxByAddress(app.db, splitTag(key).address));
}
