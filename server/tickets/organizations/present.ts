// Organizations as pages show them: who belongs to one, and their tickets that the reader may see.
import type { Agent } from '../../agents';
import type { App } from '../../app';
import {
  type CustomerRow,
  countCustomersOf,
  countUnplaced,
  findCustomersOf,
  findDomainsOf,
  findOrganizationById,
  findOrganizationsLike,
  type ListedCustomer,
  MOST_CUSTOMERS_COUNTED,
  MOST_DOMAINS,
  ORGANIZATIONS_A_PAGE,
  type OrganizationRow,
} from '../../customers';
import { query } from '../../db';
import { mayRole } from '../../roles';
import { errorWords, type FieldErrors, type Reader, typedIn } from '../../web';
import { type Scope, scopeOf, VISIBLE } from '../access';
import { personOf } from '../present-list';
import { isOpen, type Status } from '../ticket';
import type {
  NewOrganizationPage,
  OrganizationForm,
  OrganizationPage,
  OrganizationRemovalPage,
  OrganizationsPage,
  Tabs,
  TicketLine,
} from './page-models';

export const LIST = '/organizations';
const TICKETS_A_PAGE = 30;

export interface TicketLineRow {
  id: number;
  number: number;
  subject: string;
  status: Status;
  activity_at: number;
  customer_name?: string;
}

/** From their customers to their tickets, never through all tickets. */
const findTickets = query<
  [organizationId: number, sameId: number, before: number, ...scope: Scope, limit: number],
  TicketLineRow[]
>(`
  SELECT tickets.id, number, subject, status, activity_at, customers.name AS customer_name
    FROM tickets JOIN customers ON customers.id = tickets.customer_id
   WHERE tickets.id IN (
           SELECT owned.id FROM customers AS members CROSS JOIN tickets AS owned ON owned.customer_id = members.id
            WHERE members.organization_id = ?
            UNION SELECT ticket_id FROM customers AS members CROSS JOIN participants ON participants.customer_id = members.id
            WHERE members.organization_id = ?)
     AND tickets.id < ? AND tickets.deleted_at IS NULL AND ${VISIBLE}
   ORDER BY tickets.id DESC LIMIT ?`);

/** What was typed and not taken. */
export interface Returned {
  values: Record<string, unknown>;
  errors: FieldErrors;
}

export const tabsOf = ({ t }: Reader, current: 'customers' | 'organizations'): Tabs => [
  { href: '/customers', text: t('tickets.customers.title'), current: current === 'customers' },
  { href: LIST, text: t('organizations.title'), current: current === 'organizations' },
];

export function ticketLine({ t, format }: Reader, row: TicketLineRow): TicketLine {
  return {
    number: row.number,
    subject: row.subject || t('tickets.noSubject'),
    ...(row.customer_name === undefined ? {} : { customer: row.customer_name }),
    status: t(`tickets.status.${row.status.replace(' ', '-')}`),
    isDone: !isOpen(row.status),
    at: format.time(row.activity_at),
  };
}

export const customerLine = ({ format }: Reader, row: ListedCustomer) => ({
  href: `/customers/${row.public_id}`,
  person: personOf(row.name),
  email: row.email ?? undefined,
  since: format.day(row.created_at),
});

/** Whom a customer belongs to, where they belong anywhere. */
export function organizationLink(
  app: App,
  customer: CustomerRow,
): { name: string; href: string } | undefined {
  const organization =
    customer.organization_id === null ? undefined : findOrganizationById(app.db, customer.organization_id);
  return organization && { name: organization.name, href: `${LIST}/${organization.public_id}` };
}

export function organizationsPage(
  app: App,
  agent: Agent,
  reader: Reader,
  asked: { q: string; after: string },
): OrganizationsPage {
  const { t, format } = reader;
  const { rows, next } = findOrganizationsLike(app.db, asked);
  const isCut = asked.q.trim() !== '' && rows.length === ORGANIZATIONS_A_PAGE;
  return {
    title: t('organizations.title'),
    current: 'customers',
    t,
    tabs: tabsOf(reader, 'organizations'),
    q: asked.q,
    organizations: rows.map((row) => ({
      href: `${LIST}/${row.public_id}`,
      person: personOf(row.name),
      domains: row.domains ?? '',
      customers:
        row.customers > MOST_CUSTOMERS_COUNTED
          ? t('organizations.count.more', { n: format.number(MOST_CUSTOMERS_COUNTED) })
          : t('organizations.count', { n: row.customers }),
    })),
    more: next === undefined ? undefined : `${LIST}?after=${encodeURIComponent(next)}`,
    cut: isCut ? t('tickets.customers.cut', { n: rows.length }) : undefined,
    file: rows.length > 0 && mayRole(agent.role, 'privacy.export') ? '/organizations.csv' : undefined,
    create: mayRole(agent.role, 'customers.change') ? `${LIST}/new` : undefined,
  };
}

function formModel(
  t: Reader['t'],
  action: string,
  stored: { name: string; domains: string[]; notes: string },
  returned: Returned | undefined,
): OrganizationForm {
  const { name, domains, notes } = stored;
  const values = returned?.values ?? { name, domains: domains.join('\n'), notes };
  return {
    action,
    values: {
      name: typedIn(values, 'name'),
      domains: typedIn(values, 'domains'),
      notes: typedIn(values, 'notes'),
    },
    errors: returned ? returned.errors : errorWords(t, {}),
  };
}

/** Errors in the reader's words; where there is a number to say, it is said. */
export const errorsIn = (t: Reader['t'], errors: FieldErrors): FieldErrors =>
  Object.fromEntries(
    Object.entries(errors).map(([field, key]) => [
      field,
      key === 'organizations.domains.wrong' ? t(key, { most: MOST_DOMAINS }) : t(key),
    ]),
  );

export function newOrganizationPage({ t }: Reader, returned?: Returned): NewOrganizationPage {
  return {
    title: t('organizations.new'),
    current: 'customers',
    t,
    edit: formModel(t, LIST, { name: '', domains: [], notes: '' }, returned),
    back: LIST,
  };
}

export function organizationPage(
  app: App,
  agent: Agent,
  reader: Reader,
  organization: OrganizationRow,
  asked: { before?: number; after?: string },
  returned?: Returned,
): OrganizationPage {
  const { t, format } = reader;
  const { id } = organization;
  const href = `${LIST}/${organization.public_id}`;
  const mayChange = mayRole(agent.role, 'customers.change');
  const before = asked.before ?? Number.MAX_SAFE_INTEGER;
  const tickets = findTickets(app.db, id, id, before, ...scopeOf(agent), TICKETS_A_PAGE + 1);
  const shown = tickets.slice(0, TICKETS_A_PAGE);
  const customers = findCustomersOf(app.db, id, asked.after ?? '');
  const domains = findDomainsOf(app.db, id);
  const unplaced = mayChange ? (countUnplaced(app.db, id) ?? 0) : 0;
  return {
    title: organization.name,
    current: 'customers',
    t,
    person: personOf(organization.name),
    since: format.day(organization.created_at),
    domains,
    notes: organization.notes,
    tickets: shown.map((row) => ticketLine(reader, row)),
    moreTickets: tickets.length > shown.length ? `${href}?before=${shown.at(-1)?.id}` : undefined,
    customers: customers.rows.map((row) => customerLine(reader, row)),
    moreCustomers: customers.next === undefined ? undefined : `${href}?after=${customers.next}`,
    offer:
      unplaced > 0
        ? {
            action: `${href}/members`,
            words: t('organizations.offer', { n: unplaced }),
            submit: t('organizations.offer.do', { n: unplaced }),
          }
        : undefined,
    edit: mayChange
      ? formModel(t, href, { name: organization.name, domains, notes: organization.notes }, returned)
      : undefined,
    removal: mayChange ? `${href}/removal` : undefined,
  };
}

export function organizationRemovalPage(
  app: App,
  { t }: Reader,
  organization: OrganizationRow,
): OrganizationRemovalPage {
  const href = `${LIST}/${organization.public_id}`;
  return {
    title: t('organizations.removal.title', { name: organization.name }),
    current: 'customers',
    t,
    words: t('organizations.removal.words', { n: countCustomersOf(app.db, organization.id) ?? 0 }),
    action: `${href}/removal`,
    back: href,
  };
}
