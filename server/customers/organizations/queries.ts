// SQL over organizations and the mail domains that lead to them.
import { change, type Db, insert, query, queryColumn, queryOne, queryValue, untilCommit } from '../../db';
import type { CustomerRow } from '../customer';
import { LIVING } from '../queries';
import type { OrganizationRow } from './organization';

export const findOrganizationByPublicId = queryOne<[publicId: string], OrganizationRow>(
  'SELECT * FROM organizations WHERE public_id = ?',
);
const findById = queryOne<[id: number], OrganizationRow>('SELECT * FROM organizations WHERE id = ?');
/** Remembered, because every ticket of theirs shows it. What is returned is shared: not to be changed. */
export const findOrganizationById = untilCommit((db: Db, id: number) => findById(db, id));
/** By its name, in any capitals; of two with the same the one that was there first. */
export const findOrganizationNamed = queryOne<[name: string], OrganizationRow>(
  'SELECT * FROM organizations WHERE name COLLATE NOCASE = ? ORDER BY id LIMIT 1',
);
export const findOrganizationOfDomain = queryOne<[domain: string], OrganizationRow>(
  'SELECT organizations.* FROM organization_domains JOIN organizations ON organizations.id = organization_id WHERE domain = ?',
);
export const findDomainsOf = queryColumn<[organizationId: number], string>(
  'SELECT domain FROM organization_domains WHERE organization_id = ? ORDER BY domain',
);
export const insertOrganization = insert<
  [publicId: string, name: string, notes: string, now: number, updatedAt: number]
>('INSERT INTO organizations (public_id, name, notes, created_at, updated_at) VALUES (?, ?, ?, ?, ?)');
export const updateOrganization = change<[name: string, notes: string, now: number, id: number]>(
  'UPDATE organizations SET name = ?, notes = ?, updated_at = ? WHERE id = ?',
);
export const deleteOrganization = change<[id: number]>('DELETE FROM organizations WHERE id = ?');
export const insertDomain = change<[domain: string, organizationId: number]>(
  'INSERT INTO organization_domains (domain, organization_id) VALUES (?, ?)',
);
export const deleteDomain = change<[domain: string, organizationId: number]>(
  'DELETE FROM organization_domains WHERE domain = ? AND organization_id = ?',
);
export const updateCustomerOrganization = change<
  [organizationId: number | null, now: number, customerId: number]
>('UPDATE customers SET organization_id = ?, updated_at = ? WHERE id = ?');

const OF_DOMAINS = `${LIVING} AND customers.organization_id IS NULL AND customers.id IN (
  SELECT customer_id FROM organization_domains JOIN customer_addresses
      ON kind = 'email' AND verified_at IS NOT NULL AND substr(address_key, instr(address_key, '@') + 1) = domain
   WHERE organization_domains.organization_id = ?)`;
/** Those who are known by an address at one of its domains, and belong nowhere. */
export const countUnplaced = queryValue<[organizationId: number], number>(
  `SELECT count(*) FROM customers WHERE ${OF_DOMAINS}`,
);
export const findUnplaced = query<[organizationId: number, limit: number], CustomerRow[]>(
  `SELECT * FROM customers WHERE ${OF_DOMAINS} ORDER BY id LIMIT ?`,
);
export const countCustomersOf = queryValue<[organizationId: number], number>(
  `SELECT count(*) FROM customers WHERE organization_id = ? AND ${LIVING}`,
);

/** `customers` is exact up to `MOST_CUSTOMERS_COUNTED`, and one more beyond. */
export type ListedOrganization = OrganizationRow & { domains: string | null; customers: number };
export const MOST_CUSTOMERS_COUNTED = 1_000;

const LISTED = `organizations.*,
  (SELECT group_concat(domain, ', ') FROM organization_domains WHERE organization_id = organizations.id) AS domains,
  (SELECT count(*) FROM (
     SELECT 1 FROM customers WHERE organization_id = organizations.id AND ${LIVING} LIMIT ${MOST_CUSTOMERS_COUNTED + 1})) AS customers`;
export const ORGANIZATIONS_A_PAGE = 100;

const findByName = query<[from: string, sameFrom: string, id: number, limit: number], ListedOrganization[]>(`
  SELECT ${LISTED} FROM organizations
   WHERE name COLLATE NOCASE > ? OR (name COLLATE NOCASE = ? AND id > ?)
   ORDER BY name COLLATE NOCASE, id LIMIT ?`);
const findByStart = query<
  [from: string, to: string, domainFrom: string, domainTo: string, limit: number],
  ListedOrganization[]
>(`
  SELECT ${LISTED} FROM organizations WHERE id IN (
     SELECT id FROM organizations WHERE name COLLATE NOCASE >= ? AND name COLLATE NOCASE < ?
     UNION SELECT organization_id FROM organization_domains WHERE domain >= ? AND domain < ?)
   ORDER BY name COLLATE NOCASE, id LIMIT ?`);

/** By name, a page at a time (`after` is the id of the last one), or those whose name or domain begins with `q`. */
export function findOrganizationsLike(
  db: Db,
  asked: { q: string; after: string },
): { rows: ListedOrganization[]; next?: string } {
  const q = asked.q.trim();
  if (q !== '') {
    const domain = q.toLowerCase().replace(/^@/, '');
    return {
      rows: findByStart(db, q, `${q}\u{10FFFF}`, domain, `${domain}\u{10FFFF}`, ORGANIZATIONS_A_PAGE),
    };
  }
  const last = findOrganizationByPublicId(db, asked.after);
  const rows = findByName(db, last?.name ?? '', last?.name ?? '', last?.id ?? 0, ORGANIZATIONS_A_PAGE + 1);
  const shown = rows.slice(0, ORGANIZATIONS_A_PAGE);
  return rows.length > shown.length ? { rows: shown, next: shown.at(-1)?.public_id } : { rows: shown };
}

/** Names to choose from, in their order. */
export const findOrganizationNames = queryColumn<[limit: number], string>(
  'SELECT name FROM organizations ORDER BY name COLLATE NOCASE, id LIMIT ?',
);
/** Those whose name begins so, for the search. */
export const findOrganizationIds = queryColumn<[from: string, to: string, limit: number], number>(
  'SELECT id FROM organizations WHERE name COLLATE NOCASE >= ? AND name COLLATE NOCASE < ? LIMIT ?',
);
