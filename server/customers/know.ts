// Finds or makes the customer behind an address.
import type { App } from '../app';
import { type Actor, record } from '../events';
import { randomId } from '../lib/ids';
import { addressKey } from '../mail';
import { type CustomerRow, cleanName } from './customer';
import { placeByAddress } from './organizations/change';
import {
  findAddresses,
  findCustomerByAddress,
  findCustomerById,
  insertAddress,
  insertCustomer,
  updateAddressVerified,
} from './queries';

/** How an address proved itself; kept with it. */
export type VerifiedHow = 'mail' | 'agent' | 'token';

/** The customer whom a mail from `address`, or one that an agent writes to it, belongs to; a new one when nobody is known by it. */
export function knowCustomerByMail(
  app: App,
  actor: Actor,
  sender: { name: string; address: string },
  language: string | null = null,
): CustomerRow {
  const key = addressKey(sender.address);
  const known = findCustomerByAddress(app.db, key);
  if (known) return known;
  const customer = createCustomer(app, actor, { name: cleanName(sender.name, sender.address), language });
  const now = app.clock.now();
  const how: VerifiedHow = actor.kind === 'agent' ? 'agent' : 'mail';
  insertAddress(app.db, customer.id, 'email', sender.address, key, now, how, now);
  placeByAddress(app, actor, customer, key);
  return customer;
}

export function createCustomer(
  app: App,
  actor: Actor,
  given: { name: string; language: string | null },
): CustomerRow {
  const now = app.clock.now();
  const id = insertCustomer(app.db, randomId(), given.name, given.language, now, now);
  record(app, 'customer.created', actor, { id });
  return findCustomerById(app.db, id) as CustomerRow;
}

/** Notes an address that somebody typed: it names nobody until a mail comes from it (C8). */
export function claimAddress(app: App, customer: { id: number }, address: string): void {
  const key = addressKey(address);
  if (findAddresses(app.db, customer.id).some((known) => known.address_key === key)) return;
  insertAddress(app.db, customer.id, 'email', address, key, null, null, app.clock.now());
}

/**
 * A mail came from an address that this customer had claimed. It becomes theirs, unless it is somebody else's already.
 * Returns whether it is theirs now.
 */
export function proveAddress(
  app: App,
  actor: Actor,
  customer: { id: number },
  address: string,
  how: VerifiedHow,
): boolean {
  const key = addressKey(address);
  const owner = findCustomerByAddress(app.db, key);
  if (owner) return owner.id === customer.id;
  const claimed = findAddresses(app.db, customer.id).find((known) => known.address_key === key);
  if (!claimed) return false;
  updateAddressVerified(app.db, app.clock.now(), how, claimed.id);
  record(app, 'customer.address-verified', actor, customer, { how });
  placeByAddress(app, actor, findCustomerById(app.db, customer.id) as CustomerRow, key);
  return true;
}

/** An agent vouches for an address; somebody else's stays theirs. */
export function addProvenAddress(
  app: App,
  actor: Actor,
  customer: { id: number },
  address: string,
  how: VerifiedHow,
): boolean {
  const owner = findCustomerByAddress(app.db, addressKey(address));
  if (owner) return owner.id === customer.id;
  claimAddress(app, customer, address);
  return proveAddress(app, actor, customer, address, how);
}
