// Customers as pages show them, with the tickets that the reader may see.
import type { Agent } from '../agents';
import type { App } from '../app';
import { type CustomerRow, findAddresses, findOrganizationNames } from '../customers';
import { query } from '../db';
import { LOCALES } from '../i18n';
import { mayRole } from '../roles';
import type { BadForm, Reader } from '../web';
import { type Scope, scopeOf, VISIBLE } from './access';
import { mergedInto } from './customer-merging/present';
import type { CustomerPage, CustomersPage } from './customer-models';
import { customerNotes } from './customer-notes/present';
import { ownFields } from './fields/present';
import { valuesOf } from './fields/values';
import type { FoundCustomers } from './find-customers';
import {
  customerLine,
  organizationLink,
  type TicketLineRow,
  tabsOf,
  ticketLine,
} from './organizations/present';
import { personOf } from './present-list';

const TICKETS_A_PAGE = 30;

/** More are found by typing their name. */
const MOST_ORGANIZATIONS = 200;

const findTickets = query<
  [customerId: number, sameCustomer: number, before: number, ...scope: Scope, limit: number],
  TicketLineRow[]
>(`
  SELECT id, number, subject, status, activity_at FROM tickets
   WHERE (customer_id = ? OR id IN (SELECT ticket_id FROM participants WHERE participants.customer_id = ?))
     AND id < ? AND deleted_at IS NULL AND ${VISIBLE}
   ORDER BY id DESC LIMIT ?`);
const findHolds = query<[customerId: number], { ground: string; reason: string; review_at: number }[]>(
  'SELECT ground, reason, review_at FROM holds WHERE customer_id = ? AND released_at IS NULL ORDER BY id',
);
const findConsents = query<
  [customerId: number],
  { purpose: string; given_at: number; withdrawn_at: number | null }[]
>('SELECT purpose, given_at, withdrawn_at FROM consents WHERE customer_id = ? ORDER BY id');

export function customersPage(
  agent: Agent,
  reader: Reader,
  asked: { q: string },
  found: FoundCustomers,
): CustomersPage {
  const { t } = reader;
  const more =
    found.next === undefined
      ? undefined
      : `/customers?q=${encodeURIComponent(asked.q)}&after=${encodeURIComponent(found.next)}`;
  return {
    title: t('tickets.customers.title'),
    current: 'customers',
    t,
    tabs: tabsOf(reader, 'customers'),
    q: asked.q,
    customers: found.rows.map((row) => customerLine(reader, row)),
    more,
    import: mayRole(agent.role, 'customers.import') ? '/customer-imports' : undefined,
    file: found.rows.length > 0 && mayRole(agent.role, 'privacy.export') ? '/customers.csv' : undefined,
    cut: found.isCut ? t('tickets.customers.cut', { n: found.rows.length }) : undefined,
  };
}

export function customerPage(
  app: App,
  agent: Agent,
  reader: Reader,
  customer: CustomerRow,
  asked: { before?: number },
  form?: BadForm,
  returned: { note?: BadForm; fields?: BadForm } = {},
): CustomerPage {
  const { t, format } = reader;
  const rows = findTickets(
    app.db,
    customer.id,
    customer.id,
    asked.before ?? Number.MAX_SAFE_INTEGER,
    ...scopeOf(agent),
    TICKETS_A_PAGE + 1,
  );
  const shown = rows.slice(0, TICKETS_A_PAGE);
  const href = `/customers/${customer.public_id}`;
  const organization = organizationLink(app, customer);
  const typed = (name: string, stored: string) =>
    typeof form?.values[name] === 'string' ? (form.values[name] as string) : stored;
  return {
    title: customer.name,
    current: 'customers',
    t,
    person: personOf(customer.name),
    since: format.day(customer.created_at),
    organization,
    addresses: findAddresses(app.db, customer.id).map((row) => ({
      address: row.address,
      verified: row.verified_at !== null,
      how: row.verified_how === null ? undefined : t(`tickets.verified.${row.verified_how}`),
      failing: row.failing_since !== null,
    })),
    language: customer.language ? t(`shell.language.${customer.language}`) : undefined,
    notes: customerNotes(app, agent, reader, customer, returned.note),
    fields: ownFields(
      app,
      reader,
      'customer',
      valuesOf(app, 'customer', customer.id),
      mayRole(agent.role, 'customers.change') ? `${href}/fields` : undefined,
      returned.fields,
    ),
    tickets: shown.map((row) => ticketLine(reader, row)),
    moreTickets: rows.length > shown.length ? `${href}?before=${shown.at(-1)?.id}` : undefined,
    restrictedSince: customer.restricted_at === null ? undefined : format.day(customer.restricted_at),
    holds: findHolds(app.db, customer.id).map((hold) => ({
      ground: hold.ground,
      reason: hold.reason,
      review: format.day(hold.review_at),
    })),
    consents: findConsents(app.db, customer.id).map((consent) => ({
      purpose: consent.purpose,
      given: format.day(consent.given_at),
      withdrawn: consent.withdrawn_at === null ? undefined : format.day(consent.withdrawn_at),
    })),
    merged: mergedInto(app, agent, reader, customer),
    merge: mayRole(agent.role, 'customers.merge') ? `${href}/merge` : undefined,
    edit: mayRole(agent.role, 'customers.change')
      ? {
          action: href,
          values: {
            name: typed('name', customer.name),
            language: typed('language', customer.language ?? ''),
            organization: typed('organization', organization?.name ?? ''),
          },
          organizations: findOrganizationNames(app.db, MOST_ORGANIZATIONS),
          languages: [
            { value: '', text: t('tickets.customer.noLanguage') },
            ...LOCALES.map((value) => ({ value, text: t(`shell.language.${value}`) })),
          ],
          errors: Object.fromEntries(
            Object.entries(form?.errors ?? {}).map(([field, key]) => [field, t(key)]),
          ),
        }
      : undefined,
    privacy: mayRole(agent.role, 'privacy.export')
      ? { exportHref: `${href}/export`, eraseHref: `${href}/erase` }
      : undefined,
  };
}
