// Somebody who was only ever copied by others: no row of their own, known by an address on tickets.
import { findAgentByEmail } from '../agents';
import type { App } from '../app';
import { findAddressesByKey, findCustomerById } from '../customers';
import { queryOne, queryValue } from '../db';
import { isOwnAddress } from '../mail';
import type { Person } from './export-data';

export type Copied = Person & { copiedAs: string };

const findFirstCopy = queryOne<[addressKey: string], { id: number; name: string; created_at: number }>(
  "SELECT id, name, created_at FROM participants WHERE address_key = ? AND customer_id IS NULL ORDER BY name = '', id LIMIT 1",
);
const findKey = queryValue<[participantId: number], string | null>(
  'SELECT address_key FROM participants WHERE id = ? AND customer_id IS NULL',
);

/** Undefined for addresses of the firm and its agents, and for whoever stands nowhere. */
export function copiedBy(app: App, key: string): Copied | undefined {
  if (isOwnAddress(app, key) || findAgentByEmail(app.db, key)) return undefined;
  const first = findFirstCopy(app.db, key);
  if (!first) return undefined;
  const { name, created_at } = first;
  return { id: 0, name: name || key, language: null, time_zone: null, created_at, copiedAs: key };
}

/** Where a person's rights are seen to. */
export const pageOf = (app: App, person: Person): string =>
  person.copiedAs === undefined
    ? `/customers/${findCustomerById(app.db, person.id)?.public_id}`
    : pageOfCopied(app, person as Copied);

/** Their page's address holds a number: no e-mail address stands in a history or a log. */
export const pageOfCopied = (app: App, { copiedAs }: Copied): string =>
  `/privacy/copied/${findFirstCopy(app.db, copiedAs)?.id}`;

/** By that number. Whoever is a customer meanwhile has a page of their own. */
export function copiedAt(app: App, participantId: string): Copied | undefined {
  const key = /^[1-9]\d{0,11}$/.test(participantId) ? findKey(app.db, Number(participantId)) : undefined;
  return key && findAddressesByKey(app.db, key).length === 0 ? copiedBy(app, key) : undefined;
}
