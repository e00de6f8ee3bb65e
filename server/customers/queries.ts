// SQL over customers and their addresses.
import { change, type Db, insert, query, queryOne } from '../db';
import type { AddressRow, CustomerRow } from './customer';

export const findCustomerById = queryOne<[id: number], CustomerRow>('SELECT * FROM customers WHERE id = ?');
export const findCustomerByPublicId = queryOne<[publicId: string], CustomerRow>(
  'SELECT * FROM customers WHERE public_id = ?',
);
/** Only an address that has proved itself names a customer (C8). */
export const findCustomerByAddress = queryOne<[addressKey: string], CustomerRow>(`
  SELECT customers.* FROM customer_addresses JOIN customers ON customers.id = customer_id
   WHERE kind = 'email' AND address_key = ? AND verified_at IS NOT NULL`);
const findAddressRows = query<[customerId: number], AddressRow[]>(
  'SELECT * FROM customer_addresses WHERE customer_id = ?',
);
/** The verified ones first; sorted here, because a sorter of SQLite's costs more than a handful of addresses. */
export const findAddresses = (db: Db, customerId: number) =>
  findAddressRows(db, customerId)
    .sort((a, b) => Number(a.verified_at === null) - Number(b.verified_at === null) || a.id - b.id)
    // Two that were merged may each have given the same.
    .filter((row, n, rows) => rows.findIndex((one) => one.address_key === row.address_key) === n);
export const findAddressesByKey = query<[addressKey: string], AddressRow[]>(
  'SELECT * FROM customer_addresses WHERE address_key = ?',
);
export const insertCustomer = insert<
  [publicId: string, name: string, language: string | null, now: number, updatedAt: number]
>('INSERT INTO customers (public_id, name, language, created_at, updated_at) VALUES (?, ?, ?, ?, ?)');
export const updateCustomer = change<[name: string, language: string | null, now: number, id: number]>(
  'UPDATE customers SET name = ?, language = ?, updated_at = ? WHERE id = ?',
);
export const updateTimeZone = change<[timeZone: string, now: number, id: number]>(
  'UPDATE customers SET time_zone = ?, updated_at = ? WHERE id = ?',
);
export const insertAddress = insert<
  [
    customerId: number,
    kind: 'email' | 'phone',
    address: string,
    key: string,
    verifiedAt: number | null,
    how: string | null,
    now: number,
  ]
>(`INSERT INTO customer_addresses (customer_id, kind, address, address_key, verified_at, verified_how, created_at)
   VALUES (?, ?, ?, ?, ?, ?, ?)`);
export const updateAddressVerified = change<[at: number, how: string, id: number]>(
  'UPDATE customer_addresses SET verified_at = ?, verified_how = ? WHERE id = ?',
);
/** Mails to this address come back, since `at`; null: one came from it, so it lives. */
export const updateAddressFailing = change<[at: number | null, addressKey: string, customerId: number]>(
  "UPDATE customer_addresses SET failing_since = ? WHERE address_key = ? AND customer_id = ? AND kind = 'email'",
);
export type ListedCustomer = CustomerRow & { email: string | null };

/** Of those that were merged only the one that stays is listed. */
export const LIVING = 'customers.deleted_at IS NULL AND customers.merged_into_id IS NULL';
const EMAIL = `(SELECT address FROM customer_addresses WHERE customer_id = customers.id AND kind = 'email' ORDER BY verified_at IS NULL, id LIMIT 1) AS email`;
const CUSTOMERS_A_PAGE = 100;

const findByName = query<[from: string, sameFrom: string, id: number, limit: number], ListedCustomer[]>(`
  SELECT customers.*, ${EMAIL} FROM customers
   WHERE ${LIVING} AND (name COLLATE NOCASE > ? OR (name COLLATE NOCASE = ? AND id > ?))
   ORDER BY name COLLATE NOCASE, id LIMIT ?`);
const findByStart = query<
  [from: string, to: string, addressFrom: string, addressTo: string, limit: number],
  ListedCustomer[]
>(`
  SELECT customers.*, ${EMAIL} FROM customers
   WHERE ${LIVING} AND id IN (
     SELECT id FROM customers WHERE name COLLATE NOCASE >= ? AND name COLLATE NOCASE < ?
     UNION SELECT customer_id FROM customer_addresses WHERE address_key >= ? AND address_key < ?)
   ORDER BY name COLLATE NOCASE, id LIMIT ?`);

const findIn = query<[ids: string], ListedCustomer[]>(`
  SELECT customers.*, ${EMAIL} FROM customers WHERE ${LIVING} AND id IN (SELECT value FROM json_each(?))`);

/** Those of these ids that are still there, in no order. */
export const findCustomersIn = (db: Db, ids: number[]): ListedCustomer[] => findIn(db, JSON.stringify(ids));

const findMembers = query<
  [organizationId: number, from: string, sameFrom: string, id: number, limit: number],
  ListedCustomer[]
>(`
  SELECT customers.*, ${EMAIL} FROM customers
   WHERE organization_id = ? AND ${LIVING} AND (name COLLATE NOCASE > ? OR (name COLLATE NOCASE = ? AND id > ?))
   ORDER BY name COLLATE NOCASE, id LIMIT ?`);

/** Who belongs to an organization, by name, a page at a time (`after` is the id of the last one). */
export const findCustomersOf = (db: Db, organizationId: number, after: string) =>
  pageAfter(db, after, (name, id, limit) => findMembers(db, organizationId, name, name, id, limit));

/** By name, a page at a time (`after` is the id of the last one), or those whose name or address begins with `q`. */
export function findCustomersLike(
  db: Db,
  asked: { q: string; after: string },
): { rows: ListedCustomer[]; next?: string } {
  const q = asked.q.trim();
  if (q !== '')
    return {
      rows: findByStart(
        db,
        q,
        `${q}\u{10FFFF}`,
        q.toLowerCase(),
        `${q.toLowerCase()}\u{10FFFF}`,
        CUSTOMERS_A_PAGE,
      ),
    };
  return pageAfter(db, asked.after, (name, id, limit) => findByName(db, name, name, id, limit));
}

function pageAfter(
  db: Db,
  after: string,
  find: (name: string, id: number, limit: number) => ListedCustomer[],
): { rows: ListedCustomer[]; next?: string } {
  const last = findCustomerByPublicId(db, after);
  const rows = find(last?.name ?? '', last?.id ?? 0, CUSTOMERS_A_PAGE + 1);
  const shown = rows.slice(0, CUSTOMERS_A_PAGE);
  return rows.length > shown.length ? { rows: shown, next: shown.at(-1)?.public_id } : { rows: shown };
}

export const insertRead = insert<
  [at: number, agentId: number, act: string, customerId: number | null, ticketId: number | null]
>('INSERT INTO read_log (at, agent_id, act, customer_id, ticket_id) VALUES (?, ?, ?, ?, ?)');
export const deleteOldReads = change<[before: number]>('DELETE FROM read_log WHERE at < ?');
