// Whom a command means by an e-mail address.
import type { App } from '../app';
import { type CustomerRow, findAddressesByKey, findCustomerByAddress, findCustomerById } from '../customers';
import { Conflict, Invalid, NotFound } from '../lib/errors';
import { addressKey } from '../mail';
import { arrivalsFiled } from './arrivals';
import { type Copied, copiedBy } from './copied';

/** A customer, or somebody who was only ever copied and has no row of their own. */
export type Meant = { customer: CustomerRow } | { copied: Copied };

/**
 * Whoever proved the address; else the one who claims it first (C8); else whoever stands in copy with it. Throws NotFound, and
 * Conflict when several claim it and `alone`.
 */
export async function personBy(
  app: App,
  command: string,
  email: string | undefined,
  alone: boolean,
): Promise<Meant> {
  if (!email?.trim()) throw Invalid(`hearthdesk ${command} needs --customer with an e-mail address.`);
  await arrivalsFiled(app);
  const key = addressKey(email.trim());
  const proved = findCustomerByAddress(app.db, key);
  if (proved) return { customer: proved };
  const claims = [...new Set(findAddressesByKey(app.db, key).map((row) => row.customer_id))];
  if (alone && claims.length > 1) {
    throw Conflict(
      `${claims.length} visitors claim this address and none has proved it; export them one by one on their pages.`,
    );
  }
  const customer = claims[0] === undefined ? undefined : findCustomerById(app.db, claims[0]);
  if (customer) return { customer };
  const copied = copiedBy(app, key);
  if (!copied) throw NotFound(`No customer is known by ${email.trim()}.`);
  return { copied };
}
